package rto.scoring;

import java.util.Optional;
import java.util.stream.IntStream;
import rto.protocol.ScoredTrajectory;

/** What a scoring room adds, and when it is not fit to be learned from. */
enum Column {
  REFERENCE("reference log-probs") {
    @Override
    Optional<String> problem(ScoredTrajectory scored) {
      return problemOf(scored.reference());
    }
  },
  DPO("dpo log-probs") {
    @Override
    Optional<String> problem(ScoredTrajectory scored) {
      return problemOf(scored.dpo());
    }
  },
  REWARD("reward") {
    @Override
    Optional<String> problem(ScoredTrajectory scored) {
      if (scored.reward().isEmpty()) {
        return Optional.of("absent (expected: a number)");
      }
      double reward = scored.reward().getAsDouble();
      return Double.isFinite(reward)
          ? Optional.empty()
          : Optional.of(reward + " (expected: a finite number)");
    }
  };

  private final String title;

  Column(String title) {
    this.title = title;
  }

  /** How the column is called in messages. */
  String title() {
    return title;
  }

  /** What is wrong with this column of the trajectory, if anything. */
  abstract Optional<String> problem(ScoredTrajectory scored);

  // Their number is checked by the record itself.
  private static Optional<String> problemOf(Optional<float[]> logProbs) {
    if (logProbs.isEmpty()) {
      return Optional.of("absent (expected: one per token)");
    }
    float[] values = logProbs.get();
    return IntStream.range(0, values.length)
        .filter(t -> !Float.isFinite(values[t]))
        .mapToObj(t -> values[t] + " at token " + t + " (expected: a finite number)")
        .findFirst();
  }
}
