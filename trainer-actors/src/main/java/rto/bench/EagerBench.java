package rto.bench;

import java.io.IOException;
import java.util.List;
import java.util.function.DoubleSupplier;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.TextGenerator;
import rto.lm.TextGenerator.Response;

/**
 * The engine beside {@link EagerLlama}, in turns, each on one compute thread: responses of mixed
 * length are sampled, and a policy learns from them.
 */
final class EagerBench {

  /**
   * Of log-probs, and of gradients as a part of the largest; bfloat16 has 8 bits, float16 11,
   * float32 24.
   */
  private static double tolerance(ComputeType type) {
    return switch (type) {
      case FLOAT32 -> 1e-4;
      case BFLOAT16 -> 0.3;
      case FLOAT16 -> 0.04;
    };
  }

  private static final int RESPONSES = 2 * BenchShape.DECODE_BATCH;
  private static final int NEW_TOKENS = 128;
  private static final int MEAN_LENGTH = 48;
  private static final long SEED = 1;

  private final BenchShape shape;
  private final Clock clock;

  EagerBench(BenchShape shape, Clock clock) {
    this.shape = shape;
    this.clock = clock;
  }

  /** Steps that {@link #run} takes. */
  static int steps(BenchShape shape) {
    return 2 * (shape.repeats() + 1);
  }

  EagerReport run(Timings.Steps steps) throws IOException {
    try (Decoder policy =
            shape.model(shape.config(), Talkative.weights(shape.config(), SEED, MEAN_LENGTH));
        TextGenerator generator = new TextGenerator(policy, BenchShape.DECODE_BATCH)) {
      List<int[]> prompts = Prompts.of(shape, RESPONSES);
      EagerSampling sampling = new EagerSampling(policy, generator, prompts, NEW_TOKENS);
      List<Response> ours = sampling.ours();
      List<Response> eager = sampling.eager();
      int some = BenchShape.DECODE_BATCH;
      try (EagerUpdate update =
          new EagerUpdate(shape, policy, prompts.subList(0, some), ours.subList(0, some))) {
        List<Agreement> agreements =
            List.of(
                within("log-probs when sampled", EagerSampling.difference(ours, eager)),
                within("log-probs when read", update.logProbDifference()),
                within("gradients, of the largest", update.gradientDifference()),
                new Agreement("responses that differ", EagerSampling.differing(ours, eager), 1));
        return new EagerReport(
            (double) EagerSampling.tokens(ours) / ours.size(),
            List.of(
                compared(
                    "sampling", EagerSampling.tokens(ours), sampling::ours, sampling::eager, steps),
                compared(
                    "policy update",
                    update.tokens(),
                    update::learnOurs,
                    update::learnEager,
                    steps)),
            agreements);
      }
    }
  }

  private Agreement within(String name, double difference) {
    return new Agreement(name, difference, tolerance(shape.type()));
  }

  private Comparison compared(
      String name, long tokens, Runnable ours, Runnable eager, Timings.Steps steps) {
    steps.doing(name + " beside eager");
    Turns turns = Turns.of(shape.repeats(), timed(ours), timed(eager), steps::step);
    return new Comparison(name, tokens, turns.ours(), turns.eager(), turns.ratio());
  }

  private DoubleSupplier timed(Runnable work) {
    return () -> {
      Stopwatch watch = clock.start();
      work.run();
      return watch.lap(Crew.busy(1));
    };
  }
}
