/**
 * Folders on disk, whole or not at all: written beside, flushed, renamed, and verified by the
 * SHA-256 of every file before they are trusted. And files that are meant to be lost.
 */
package rto.checkpoint;
