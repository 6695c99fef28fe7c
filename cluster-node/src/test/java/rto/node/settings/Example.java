package rto.node.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import rto.protocol.Named;
import rto.protocol.Require;

/** Settings records with one component of every kind, for the tests of this room. */
record Example(long seed, Example.Model model, Example.Learning rto, List<Example.Stage> stages) {

  enum Precision {
    FLOAT32,
    MIXED_BFLOAT16
  }

  record Model(Path path, Precision precision, boolean frozen, Optional<String> name) {}

  record Learning(
      double learningRate,
      int epochs,
      OptionalDouble tokenRewardClip,
      OptionalInt topK,
      Duration timeout,
      KlControl klControl,
      Optional<KlControl> second) {

    Learning {
      Require.all(
          Require.problem(learningRate > 0, "learning-rate: %s (expected: > 0)", learningRate),
          Require.problem(epochs > 0, "epochs: %s (expected: > 0)", epochs));
    }
  }

  record Stage(String name, int steps) {

    Stage {
      Require.that(steps >= 0, "steps: %s (expected: >= 0)", steps);
    }
  }

  sealed interface KlControl {}

  @Named("fixed")
  record FixedKl() implements KlControl {}

  record Adaptive(double target, OptionalDouble horizon) implements KlControl {}
}
