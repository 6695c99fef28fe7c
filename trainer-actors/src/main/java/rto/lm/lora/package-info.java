/**
 * What a low-rank adapter is: its settings, and the names, shapes and first values of its tensors.
 * Knows no model and no files: {@link rto.lm} computes with adapters, {@link rto.lm.io} stores
 * them.
 */
package rto.lm.lora;
