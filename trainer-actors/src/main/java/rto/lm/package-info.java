/**
 * The decoder-only language model: forward pass, key-value-cache generation, log-probabilities,
 * heads, gradients. Everything that touches a tensor runs as TorchScript written in this room's
 * resources; weights are ordinary arrays named as in the Hugging Face layout.
 *
 * <p>Shapes: B sequences, T positions, D hidden size, V vocabulary, N response tokens of a batch
 * one after the other, without padding.
 */
package rto.lm;
