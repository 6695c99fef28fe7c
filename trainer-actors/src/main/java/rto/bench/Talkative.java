package rto.bench;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.Random;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Weights;

/**
 * Random weights whose responses end now and then, so that their lengths are a mix as in practice.
 *
 * <p>All embeddings get the same large first number, so that hidden states have one too; the end
 * token's row, which is also its row of the head, gets more in that place, which lifts its logit.
 * By how much is found by reading the chances of the end token, a few times.
 */
final class Talkative {

  private static final String EMBEDDING = "model.embed_tokens.weight";

  /** As long as the rest of a random row. */
  private static final double OFFSET = Math.sqrt(0.4);

  private static final int ROUNDS = 3;
  private static final int READ = 64;

  private Talkative() {}

  /**
   * @param meanLength of responses, roughly, if nothing truncates them
   */
  static Weights weights(DecoderConfig config, long seed, int meanLength) {
    try (Weights random = Weights.random(config, seed)) {
      double wanted = -Math.log(meanLength);
      double unlifted = logChance(random, config, 0);
      // After the last norm a hidden state is sqrt(D) long, of which its first number has a part.
      double lift = (wanted - unlifted) / Math.sqrt(config.hiddenSize() / 2.0);
      for (int round = 0; round < ROUNDS; round++) {
        double slope = (logChance(random, config, lift) - unlifted) / lift;
        lift = (wanted - unlifted) / slope;
      }
      return lifted(random, config, lift);
    }
  }

  private static double logChance(Weights random, DecoderConfig config, double lift) {
    try (Decoder tried = new Decoder(config, lifted(random, config, lift))) {
      return logChanceOfTheEnd(tried);
    }
  }

  /** Mean over the positions of a random text: what is usual, not what one place may do. */
  private static double logChanceOfTheEnd(Decoder decoder) {
    int[] text =
        new Random(1).ints(READ, BenchShape.END + 1, decoder.config().vocabSize()).toArray();
    return Arrays.stream(decoder.logits(text))
        .mapToDouble(logits -> logChance(logits, BenchShape.END))
        .average()
        .orElseThrow();
  }

  private static double logChance(float[] logits, int token) {
    double all = 0;
    for (float logit : logits) {
      all += Math.exp(logit - logits[token]);
    }
    return -Math.log(all);
  }

  private static Weights lifted(Weights random, DecoderConfig config, double lift) {
    return Weights.from(
        config,
        (name, shape, scope) -> {
          float[] values = random.get(name).toFloatArray();
          if (name.equals(EMBEDDING)) {
            lift(values, config.hiddenSize(), lift);
          }
          return scope.create(values, new Shape(shape));
        });
  }

  private static void lift(float[] embedding, int width, double lift) {
    for (int at = 0; at < embedding.length; at += width) {
      embedding[at] = (float) OFFSET;
    }
    embedding[BenchShape.END * width] += (float) lift;
  }
}
