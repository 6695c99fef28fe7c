package rto.protocol;

import java.util.List;
import java.util.Map;

/** What happened to a run: its journal, in the past tense. Tokens and floats, never tensors. */
public sealed interface RunEvent extends WireMessage {

  /**
   * The first event.
   *
   * @param configDigest sha256 of the settings that decide the result; another value is refused
   */
  record RunStarted(String run, String configDigest) implements RunEvent {}

  /** The tasks of this iteration were offered, to be sampled with {@code weights}. */
  record IterationStarted(int iteration, WeightsRef weights) implements RunEvent {}

  /** One task's scored trajectories are safe. */
  record TrajectoriesAccepted(TaskId id, List<ScoredTrajectory> trajectories) implements RunEvent {

    public TrajectoriesAccepted {
      trajectories = List.copyOf(trajectories);
    }
  }

  /**
   * The policy learned from all tasks of this iteration.
   *
   * @param weights the next policy version
   * @param digest sha256 over parameters, optimizer state and counters; learning it again must give
   *     the same
   */
  record IterationLearned(
      int iteration, WeightsRef weights, String digest, Map<String, Double> metrics)
      implements RunEvent {

    public IterationLearned {
      metrics = Map.copyOf(metrics);
    }
  }

  /** A checkpoint of the state after {@code iteration} is on disk and verified. */
  record CheckpointWritten(int iteration, String folder, String digest) implements RunEvent {}

  /** The run finished what was in work and waits. */
  record RunPaused() implements RunEvent {}

  /** The run went on after a pause. */
  record RunContinued() implements RunEvent {}

  /** All iterations are learned; {@code digest} is that of the final state. */
  record RunFinished(String digest) implements RunEvent {}
}
