package rto.lm;

import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import rto.lm.TextGenerator.Response;
import rto.lm.TextGenerator.Uniforms;
import rto.protocol.Sampling;

/**
 * How sequences share the model: which of them go through it together, in which shapes. Part of the
 * result wherever a kernel's rounding depends on the shape. Holds what it needs of the weights.
 */
sealed interface Generation extends AutoCloseable permits BatchGeneration, SlotGeneration {

  /** What is wanted: one response per prompt, in order. */
  record Request(
      List<int[]> prompts, Sampling sampling, Set<Integer> endTokens, Uniforms uniforms) {

    int maxNewTokens() {
      return sampling.maxNewTokens();
    }
  }

  /** Prompts are readable and there is at least one. */
  List<Response> responses(Request request);

  @Override
  void close();

  /**
   * The plan for this decoder's kernels. One that shares its weights generates as PLAIN says:
   * packed for oneDNN, they would be in memory once more for each generator.
   *
   * @param batch how many sequences go through the model at once, at most
   * @param stepRows told once for each step how many rows went through the model
   */
  static Generation of(Decoder decoder, int batch, IntConsumer stepRows) {
    Kernels kernels = decoder.shares() ? Kernels.PLAIN : decoder.passes().kernels();
    return switch (kernels) {
      case PLAIN -> new BatchGeneration(decoder, batch, stepRows);
      case ROWS -> new SlotGeneration(decoder, batch, stepRows);
    };
  }
}
