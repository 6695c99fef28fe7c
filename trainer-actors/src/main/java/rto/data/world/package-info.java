/**
 * A small language of its own, invented from a seed: words, prompts, a corpus whose quality is left
 * to chance, and a gold reward that looks at nearly every word. It makes the whole pipeline
 * trainable in minutes without any download.
 */
package rto.data.world;
