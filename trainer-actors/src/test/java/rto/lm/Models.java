package rto.lm;

import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Small random models for the tests, with opinions: weights as large as those of a trained one. */
final class Models {

  /** The shape of stories260k: grouped-query attention, 5 layers, 512 tokens. */
  static final DecoderConfig STORIES =
      new DecoderConfig(512, 64, 172, 5, 8, 4, 8, 1e-5, 10_000, 128, 1, 2, language(true));

  /** As small as it gets; the heads together are wider than the hidden state. */
  static final DecoderConfig TINY =
      new DecoderConfig(19, 8, 12, 2, 4, 2, 4, 1e-5, 10_000, 64, 1, 2, language(false));

  private Models() {}

  static Head language(boolean tied) {
    return new Head.Language(tied);
  }

  /** Norms around 1, embeddings around 0.3, projections that keep the size of what they get. */
  static Decoder random(DecoderConfig config, long seed) {
    Random random = new Random(seed);
    return new Decoder(
        config,
        Weights.from(
            config,
            (name, shape, scope) -> {
              boolean norm = shape.length == 1;
              boolean embedding = name.equals("model.embed_tokens.weight");
              double std = norm ? 0.1 : embedding ? 0.3 : 1 / Math.sqrt(shape[1]);
              float[] values = new float[(int) new Shape(shape).size()];
              for (int i = 0; i < values.length; i++) {
                values[i] = (float) ((norm ? 1 : 0) + std * random.nextGaussian());
              }
              return scope.create(values, new Shape(shape));
            }));
  }

  /** Random tokens of the vocabulary, begin-of-sequence first. */
  static int[] tokens(DecoderConfig config, int length, long seed) {
    int[] tokens = new Random(seed).ints(length, 3, config.vocabSize()).toArray();
    tokens[0] = config.bosToken().orElseThrow();
    return tokens;
  }

  static Sequence sequence(DecoderConfig config, int prompt, int response, long seed) {
    int[] all = tokens(config, prompt + response, seed);
    return new Sequence(
        Arrays.copyOf(all, prompt), Arrays.copyOfRange(all, prompt, prompt + response));
  }

  /** Sequences of very different lengths, one of them much longer than the others. */
  static List<Sequence> sequences(DecoderConfig config, int n) {
    return IntStream.range(0, n)
        .mapToObj(i -> sequence(config, 1 + i % 5, i == 1 ? 37 : 1 + 3 * (i % 4), 100 + i))
        .toList();
  }

  /** A number in [0, 1), a pure function of its place: SplitMix64's finaliser. */
  static double uniform(long seed, long request, long position) {
    long z = seed * 0x9E3779B97F4A7C15L + request * 0xD1B54A32D192ED03L + position + 1;
    z *= 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return ((z ^ z >>> 31) >>> 11) * 0x1p-53;
  }
}
