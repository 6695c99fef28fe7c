package rto.bench;

import ai.djl.ndarray.types.Shape;
import rto.lm.DecoderConfig;
import rto.lm.Weights;

/**
 * Random weights whose responses end now and then, so that their lengths are a mix as in practice.
 *
 * <p>All embeddings get the same large first number, a, so that hidden states have one too; the end
 * token's row, which is also its row of the head, has c in that place instead, which lifts its
 * logit over the others by about (c − a) times that.
 */
final class Talkative {

  /** As long as the rest of a random row: half of a hidden state's length lies in one number. */
  private static final double OFFSET = Math.sqrt(0.4);

  private Talkative() {}

  /**
   * @param meanLength of responses, roughly, if nothing truncates them
   */
  static Weights weights(DecoderConfig config, long seed, int meanLength) {
    try (Weights random = Weights.random(config, seed)) {
      return Weights.from(
          config,
          (name, shape, scope) -> {
            float[] values = random.get(name).toFloatArray();
            if (name.equals("model.embed_tokens.weight")) {
              lift(values, config, meanLength);
            }
            return scope.create(values, new Shape(shape));
          });
    }
  }

  private static void lift(float[] values, DecoderConfig config, int meanLength) {
    int width = config.hiddenSize();
    for (int row = 0; row < config.vocabSize(); row++) {
      values[row * width] = (float) OFFSET;
    }
    // After the last norm a hidden state is √D long, and √(D/2) of it lies in the first number.
    double above = Math.log((double) config.vocabSize() / meanLength) / Math.sqrt(width / 2.0);
    values[BenchShape.END * width] = (float) (OFFSET + above);
  }
}
