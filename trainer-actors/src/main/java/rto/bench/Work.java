package rto.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import rto.lm.ComputeType;
import rto.lm.DecoderConfig;
import rto.lm.Head;

/**
 * The arithmetic that a decoder cannot do without.
 *
 * <pre>
 *   P = body + head            weights that are multiplied; looking up the embedding is free
 *   forward(T, N)  = 2 (body T + head N)        T tokens go in, N positions are read
 *   training(T, N) = 3 forward(T, N)            the backward pass multiplies twice
 * </pre>
 *
 * Attention itself, norms and losses are left out. What the engine saves of the body, most of the
 * last layer where nothing is read, is not.
 */
final class Work {

  private static final String EMBEDDING = "model.embed_tokens.weight";

  private final long body;
  private final long head;
  private final Map<Size, Integer> matrices = new LinkedHashMap<>();

  /** A matrix of {@code out} rows and {@code in} columns. */
  record Size(int out, int in) {
    long numbers() {
      return (long) out * in;
    }
  }

  Work(DecoderConfig config) {
    Size top = new Size(outputs(config), config.hiddenSize());
    head = top.numbers();
    config
        .tensors()
        .forEach(
            (name, shape) -> {
              if (shape.length == 2 && name.startsWith("model.layers.")) {
                matrices.merge(new Size((int) shape[0], (int) shape[1]), 1, Integer::sum);
              }
            });
    body = matrices.entrySet().stream().mapToLong(e -> e.getKey().numbers() * e.getValue()).sum();
    matrices.merge(top, 1, Integer::sum);
  }

  private static int outputs(DecoderConfig config) {
    return config.head() instanceof Head.Scalar ? 1 : config.vocabSize();
  }

  /** P. */
  long multiplied() {
    return body + head;
  }

  /** How often a forward pass multiplies by a matrix of each size. */
  Map<Size, Integer> matrices() {
    return matrices;
  }

  double forward(long tokens, long read) {
    return 2.0 * (body * (double) tokens + head * (double) read);
  }

  double training(long tokens, long read) {
    return 3 * forward(tokens, read);
  }

  /** Products with a weight matrix in a decoding step. */
  static int stepProducts(DecoderConfig config) {
    return 7 * config.layers() + 1;
  }

  /**
   * Other operators of a decoding step, counted by hand: in each layer two norms of six, which is
   * what libtorch makes of one on a CPU, four to turn queries and four to turn keys, two to write
   * the cache, three of attention, and SwiGLU's two and the two sums; around them look-ups of the
   * embedding, cosine and sine, a norm, and six to choose a token.
   */
  static int stepOperators(DecoderConfig config) {
    return 29 * config.layers() + 15;
  }

  /** Bytes of the weights that one decoding step reads. */
  static long bytesRead(DecoderConfig config, ComputeType type) {
    boolean tied = config.head() instanceof Head.Language language && language.tied();
    long[] embedding = config.tensors().get(EMBEDDING);
    long lookedUp = tied ? 0 : Arrays.stream(embedding).reduce(1, (a, b) -> a * b);
    int bytes = type == ComputeType.FLOAT32 ? Float.BYTES : Short.BYTES;
    return bytes * (config.parameters() - lookedUp);
  }
}
