package rto.lm;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import rto.protocol.Diverged;
import rto.protocol.Require;
import rto.protocol.Sampling;

/**
 * Samples responses with a preallocated key-value cache.
 *
 * <p>Which token is chosen depends on the weights, the prompt and the numbers that {@link Uniforms}
 * gives for it, not on who computes it. How sequences share the model follows from its shape, as
 * {@link Kernels} says:
 *
 * <ul>
 *   <li>PLAIN: batches are cut in the order given, prompts padded on the left; a batch shrinks as
 *       soon as a quarter of it has finished. A matrix of one row is rounded otherwise than one of
 *       several, so the last bits of log-probabilities depend on {@code batch} and on the order.
 *   <li>ROWS: a finished sequence's place is given to the next prompt at once, and prompts that
 *       stand several times in a row are read once. Where oneDNN multiplies, tokens and
 *       log-probabilities are the same to the bit for every {@code batch}, order and company; on a
 *       GPU and in float16 they depend on these as above.
 * </ul>
 *
 * <p>Holds the decoder's weights in the layout that generating takes; the decoder may be closed
 * before it. For weights that have changed another one is made. Several threads may generate at
 * once.
 */
public final class TextGenerator implements AutoCloseable {

  /** The random number in [0, 1) that chooses a response's token at a position, both from 0. */
  @FunctionalInterface
  public interface Uniforms {
    double at(int request, int position);
  }

  /**
   * One response.
   *
   * @param tokens [H], the end token included if there is one
   * @param logProbs [H], under exactly the sampling distribution
   * @param truncated ended by the length limit, not by the end token
   */
  public record Response(int[] tokens, float[] logProbs, boolean truncated) {}

  private final DecoderConfig config;
  private final Generation generation;

  /**
   * Runs at most {@code batch} sequences at once; part of the determinism contract with PLAIN
   * kernels.
   *
   * @throws IllegalArgumentException if the model has no language head
   */
  public TextGenerator(Decoder decoder, int batch) {
    this(decoder, batch, rows -> {});
  }

  /**
   * @param stepRows told once for each step how many rows went through the model
   */
  TextGenerator(Decoder decoder, int batch, IntConsumer stepRows) {
    Require.that(batch > 0, "generation batch: %s (expected: > 0)", batch);
    Require.that(
        decoder.config().head() instanceof Head.Language,
        "model: a reward model or critic, %s (expected: a language model)",
        decoder.config().head());
    this.config = decoder.config();
    this.generation = Generation.of(decoder, batch, stepRows);
  }

  /** As below, with one token that ends a response. */
  public List<Response> generate(
      List<int[]> prompts, Sampling sampling, int endToken, Uniforms uniforms) {
    return generate(prompts, sampling, Set.of(endToken), uniforms);
  }

  /**
   * Returns one response per prompt, in order.
   *
   * @param prompts each at least one token, and short enough for {@code maxNewTokens} more
   * @param endTokens any of them ends a response
   * @throws IllegalArgumentException naming the first prompt that the model cannot read; nothing is
   *     generated then
   * @throws Diverged if the model's logits are not numbers
   */
  public List<Response> generate(
      List<int[]> prompts, Sampling sampling, Set<Integer> endTokens, Uniforms uniforms) {
    for (int i = 0; i < prompts.size(); i++) {
      requirePrompt(i, prompts.get(i), sampling.maxNewTokens());
    }
    return prompts.isEmpty()
        ? List.of()
        : generation.responses(new Generation.Request(prompts, sampling, endTokens, uniforms));
  }

  private void requirePrompt(int i, int[] prompt, int newTokens) {
    int most = config.maxPositions() - newTokens;
    Require.that(
        prompt.length > 0 && prompt.length <= most,
        "prompt %s: %s tokens (expected: in 1..%s, max_position_embeddings less %s new tokens)",
        i,
        prompt.length,
        most,
        newTokens);
    config.requireTokens(prompt);
  }

  @Override
  public void close() {
    generation.close();
  }
}
