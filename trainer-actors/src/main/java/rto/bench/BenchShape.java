package rto.bench;

import java.util.List;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Passes;
import rto.lm.Weights;
import rto.protocol.Require;

/**
 * A size of model, and the work that it is timed on.
 *
 * @param name as typed
 * @param config the language model; reward model and critic have the same body
 * @param promptTokens the longest prompt of an iteration; prompts are half of it to all of it
 * @param newTokens of every response: none ends early
 * @param batch sequences that a worker samples at once; even
 * @param microBatch sequences that go through a model at once, in scoring and learning
 * @param repeats of each measurement, after one that warms up
 * @param type of the numbers that all models are computed in
 */
public record BenchShape(
    String name,
    DecoderConfig config,
    int promptTokens,
    int newTokens,
    int batch,
    int microBatch,
    int repeats,
    ComputeType type) {

  /** Sequences that a worker samples at once, in shapes that have a name. */
  static final int DECODE_BATCH = 32;

  static final int SAMPLES_PER_PROMPT = 2;

  static final int BEGIN = 1;
  static final int END = 2;

  /** In float32. */
  public BenchShape(
      String name,
      DecoderConfig config,
      int promptTokens,
      int newTokens,
      int batch,
      int microBatch,
      int repeats) {
    this(name, config, promptTokens, newTokens, batch, microBatch, repeats, ComputeType.FLOAT32);
  }

  /** All that have a name, smallest first. */
  public static List<BenchShape> all() {
    return List.of(
        new BenchShape("260K", llama(512, 64, 172, 5, 8, 4, 512), 32, 64, DECODE_BATCH, 32, 7),
        new BenchShape("15M", llama(32_000, 288, 768, 6, 6, 6, 256), 64, 64, DECODE_BATCH, 8, 5),
        new BenchShape(
            "110M", llama(32_000, 768, 2_048, 12, 12, 12, 1_024), 64, 64, DECODE_BATCH, 8, 2));
  }

  /**
   * @throws IllegalArgumentException naming those that there are
   */
  public static BenchShape named(String name) {
    List<String> names = all().stream().map(BenchShape::name).toList();
    Require.that(names.contains(name), "shape: %s (expected: one of %s)", name, names);
    return all().get(names.indexOf(name));
  }

  /** The same with another number of repeats. */
  public BenchShape repeated(int times) {
    Require.that(times > 0, "repeats: %s (expected: > 0)", times);
    return new BenchShape(name, config, promptTokens, newTokens, batch, microBatch, times, type);
  }

  /** The same in other numbers. */
  public BenchShape in(ComputeType other) {
    return new BenchShape(name, config, promptTokens, newTokens, batch, microBatch, repeats, other);
  }

  private static DecoderConfig llama(
      int vocabulary, int hidden, int inner, int layers, int heads, int kvHeads, int positions) {
    return new DecoderConfig(
        vocabulary,
        hidden,
        inner,
        layers,
        heads,
        kvHeads,
        hidden / heads,
        1e-5,
        10_000,
        positions,
        BEGIN,
        END,
        new Head.Language(true));
  }

  /** The reward model and the critic. */
  DecoderConfig scalar() {
    return config.withHead(Head.Scalar.raw());
  }

  /** Prompts of a task: each of them is sampled twice, and all of a task at once. */
  int promptsPerTask() {
    return batch / SAMPLES_PER_PROMPT;
  }

  /** Rows of the products of an update. */
  int updateRows() {
    return microBatch * (promptTokens + newTokens);
  }

  /** How all of its models are computed. */
  Passes passes() {
    return Passes.of(config, type);
  }

  /** One of its models; takes over the weights. */
  Decoder model(DecoderConfig some, Weights weights) {
    return new Decoder(some, weights, Passes.of(some, type));
  }

  List<MatmulPath> paths() {
    return MatmulPath.of(passes());
  }
}
