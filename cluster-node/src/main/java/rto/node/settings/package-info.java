/**
 * From HOCON text to typed records, and back. Nothing is loaded before every key has been read and
 * checked: a reader sees all mistakes of a file at once, each as {@code path: value (expected:
 * ...)} with the file and line it stands in. Knows nothing of models, actors or tensors: the
 * records themselves say what is allowed.
 */
package rto.node.settings;
