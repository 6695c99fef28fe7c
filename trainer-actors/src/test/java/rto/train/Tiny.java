package rto.train;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import rto.algorithm.KlController;
import rto.algorithm.RewardWeights;
import rto.algorithm.TokenRewardVariant;
import rto.algorithm.TokenWeights;
import rto.checkpoint.WholeFolder;
import rto.lm.Adapter;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.lm.lora.LoraConfig;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;

/** A language of 12 tokens, models of some thousand parameters, and data to train them on. */
final class Tiny {

  static final int VOCAB = 12;
  static final int BEGIN = 1;
  static final int END = 2;

  private Tiny() {}

  static DecoderConfig config(Head head) {
    return new DecoderConfig(VOCAB, 16, 24, 2, 4, 2, 4, 1e-5, 10_000, 48, BEGIN, END, head);
  }

  /** A language model that has learned nothing: nearly uniform. */
  static Decoder untrained(long seed) {
    DecoderConfig config = config(new Head.Language(true));
    return new Decoder(config, Weights.random(config, seed));
  }

  /** A language model far from uniform. */
  static Decoder language(long seed) {
    return random(config(new Head.Language(true)), seed);
  }

  /** A reward model whose scores differ from sequence to sequence. */
  static Decoder scalar(long seed) {
    return random(config(new Head.Scalar(0.1, 0.8)), seed);
  }

  private static Decoder random(DecoderConfig config, long seed) {
    return new Decoder(config, random(config.tensors(), seed));
  }

  /** An adapter over a base, with a head of this kind, none of whose tensors is 0. */
  static Decoder learned(Decoder base, Head head, LoraConfig lora, long seed) {
    DecoderConfig config = base.config().withHead(head);
    return base.adapted(config, new Adapter(lora, random(Adapter.tensors(config, lora), seed)));
  }

  private static Weights random(Map<String, long[]> shapes, long seed) {
    Random random = new Random(seed);
    return Weights.from(
        shapes,
        (name, shape, scope) -> {
          int n = (int) (shape.length == 1 ? shape[0] : shape[0] * shape[1]);
          float[] values = new float[n];
          for (int i = 0; i < n; i++) {
            values[i] = (float) (0.3 * random.nextGaussian() + (shape.length == 1 ? 1 : 0));
          }
          return scope.create(values, new Shape(shape));
        });
  }

  /** Prompts of 2 to 5 tokens. */
  static int[] prompt(Random random) {
    int[] prompt = tokens(2 + random.nextInt(4), random);
    prompt[0] = BEGIN;
    return prompt;
  }

  /** {@code n} sequences of very different lengths, so that batches are padded. */
  static List<Sequence> sequences(int n, long seed) {
    Random random = new Random(seed);
    List<Sequence> sequences = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      sequences.add(new Sequence(prompt(random), tokens(1 + random.nextInt(20), random)));
    }
    return sequences;
  }

  static List<Pair> pairs(int n, long seed) {
    Random random = new Random(seed);
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      int[] prompt = prompt(random);
      pairs.add(
          new Pair(
              new Sequence(prompt, tokens(1 + random.nextInt(20), random)),
              new Sequence(prompt, tokens(1 + random.nextInt(20), random))));
    }
    return pairs;
  }

  /** The same, and one more after a prompt of 30 tokens, which pads all others beside it. */
  static List<Pair> pairsAndALongOne(int n, long seed) {
    Random random = new Random(seed);
    int[] prompt = tokens(30, random);
    List<Pair> pairs = new ArrayList<>(pairs(n, seed));
    pairs.add(
        new Pair(new Sequence(prompt, tokens(7, random)), new Sequence(prompt, tokens(3, random))));
    return pairs;
  }

  /** Tokens that neither begin nor end a sequence. */
  static int[] tokens(int n, Random random) {
    return random.ints(n, END + 1, VOCAB).toArray();
  }

  static OptimizerSettings adam() {
    return new OptimizerSettings(0.9, 0.95, 1e-8, 0.01, 1, 0.03, 0.1);
  }

  /**
   * An optimizer whose step at the rate {@link #GRADIENT_RATE} is the gradient itself: with β₁ = β₂
   * = 0 the step is rate · g/(|g| + ε), and both rate and ε are a million.
   */
  static OptimizerSettings plainGradient() {
    return new OptimizerSettings(0, 0, GRADIENT_RATE, 0, 1e9, 0, 1);
  }

  static final double GRADIENT_RATE = 1e6;

  static TrainingLoop loop(
      String stage, StageSettings settings, OptimizerSettings optimizer, Path folder) {
    try {
      MetricsLog metrics = MetricsLog.open(folder.resolve("metrics.jsonl"));
      return new TrainingLoop(stage, settings, optimizer, Progress.silent(), metrics);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** RTO on 12 responses of at most 8 tokens to 6 prompts, in 3 tasks. */
  static RtoSettings rto(int iterations, int epochs, int minibatch, int microBatch, double rate) {
    return rto(iterations, 6, epochs, minibatch, microBatch, rate);
  }

  /** The same with another number of prompts, of two responses each. */
  static RtoSettings rto(
      int iterations, int prompts, int epochs, int minibatch, int microBatch, double rate) {
    return new RtoSettings(
        iterations,
        prompts,
        2,
        prompts / 3,
        2 * prompts / 3,
        0.8,
        8,
        TokenRewardVariant.RTO,
        new RewardWeights(0.05, 1, OptionalDouble.empty(), 0),
        new KlController.Adaptive(0.02, 0.1, 100),
        AdvantageVariant.GAE,
        1,
        0.95,
        0.2,
        OptionalDouble.of(0.2),
        TokenWeights.SEQUENCE_MEAN,
        epochs,
        minibatch,
        microBatch,
        rate,
        rate,
        1,
        0);
  }

  /** What the tokens read as: one of them ends a sentence. */
  static List<String> vocabulary() {
    return List.of("", "", "", "a", "b", "c", "d", "e", "f", "g", ".", "h");
  }

  /** The same stage with another token reward. */
  static RtoSettings with(RtoSettings s, TokenRewardVariant variant) {
    return with(s, "tokenReward", variant);
  }

  /** The same stage with other advantages. */
  static RtoSettings with(RtoSettings s, AdvantageVariant advantage) {
    return with(s, "advantage", advantage);
  }

  /** The same stage with another value of one component. */
  static RtoSettings with(RtoSettings s, String name, Object value) {
    try {
      RecordComponent[] components = RtoSettings.class.getRecordComponents();
      Class<?>[] types = new Class<?>[components.length];
      Object[] values = new Object[components.length];
      for (int i = 0; i < components.length; i++) {
        types[i] = components[i].getType();
        values[i] =
            components[i].getName().equals(name) ? value : components[i].getAccessor().invoke(s);
      }
      return RtoSettings.class.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(name, e);
    }
  }

  /** A model as a folder. */
  static Path saved(Decoder model, Path folder) {
    try (model) {
      HfCheckpoint.save(model, Files.createDirectories(folder));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All parameters, one after the other. */
  static float[] values(Weights weights) {
    return Batching.concatenated(weights.tensors().stream().map(t -> t.toFloatArray()).toList());
  }

  static String digest(Weights weights) {
    var digest = WholeFolder.sha256();
    weights.digest(digest);
    return HexFormat.of().formatHex(digest.digest());
  }
}
