package rto.run;

import java.util.List;
import java.util.Optional;
import rto.protocol.RunEvent;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunEvent.RunStarted;

/**
 * What a run does next: a pure function of the plan, the journal and the learner.
 *
 * <pre>
 *   no journal                                   persist RunStarted
 *   a journal of another run or config           refuse
 *   learner empty                                restore a checkpoint, or the first policy
 *   learner holds another policy than journalled refuse
 *   checkpoint due that this learner did not see write it
 *   learner behind the journal                   learn the journalled iteration again
 *   finished                                     end
 *   all iterations learned                       persist RunFinished
 *   paused                                       rest
 *   iteration k not begun                        persist IterationStarted
 *   tasks missing                                collect them
 *   all tasks in                                 learn
 * </pre>
 *
 * A checkpoint that was damaged is due once more when the learner is there again; also in a
 * finished run, whose last checkpoint is its result.
 */
final class NextStep {

  /** One method per thing that a run can do. */
  interface Steps<R> {

    R persist(RunEvent event);

    R refuse(String reason);

    R end(RunFinished finished);

    /** From the first of these that is whole; the first policy is empty. */
    R restore(List<Optional<CheckpointWritten>> starts);

    R learn(IterationJournal iteration);

    R writeCheckpoint(int iteration);

    R rest();

    R collect(IterationJournal iteration, List<Integer> missing);
  }

  private NextStep() {}

  /**
   * Picks the step and carries it out.
   *
   * @param learner empty until it is restored
   */
  static <R> R of(RunPlan plan, RunState state, Optional<LearnerPosition> learner, Steps<R> steps) {
    var planned = new RunStarted(plan.run(), plan.configDigest());
    if (state.started().isEmpty()) {
      return steps.persist(planned);
    }
    var anotherRun = Mismatch.ofRun(planned, state.started().get());
    if (anotherRun.isPresent()) {
      return steps.refuse(anotherRun.get());
    }
    return learner
        .map(position -> withLearner(plan, state, position, steps))
        .orElseGet(() -> steps.restore(state.starts()));
  }

  private static <R> R withLearner(
      RunPlan plan, RunState state, LearnerPosition learner, Steps<R> steps) {
    var iteration = Optional.ofNullable(state.open().get(learner.learned()));
    var anotherPolicy = iteration.flatMap(begun -> Mismatch.ofPolicy(learner, begun.start()));
    if (anotherPolicy.isPresent()) {
      return steps.refuse(anotherPolicy.get());
    }
    if (plan.checkpointDue(learner.learned()) && learner.saved() < learner.learned()) {
      return steps.writeCheckpoint(learner.learned() - 1);
    }
    if (learner.learned() < state.learned()) {
      return steps.learn(iteration.orElseThrow());
    }
    if (state.finished().isPresent()) {
      return steps.end(state.finished().get());
    }
    if (state.learned() == plan.iterations()) {
      return steps.persist(new RunFinished(learner.digest()));
    }
    return iteration
        .map(begun -> withIteration(plan, begun, steps))
        .orElseGet(() -> beginIteration(state, learner, steps));
  }

  private static <R> R beginIteration(RunState state, LearnerPosition learner, Steps<R> steps) {
    return state.paused()
        ? steps.rest()
        : steps.persist(new IterationStarted(state.learned(), learner.weights()));
  }

  private static <R> R withIteration(RunPlan plan, IterationJournal iteration, Steps<R> steps) {
    var missing = iteration.missing(plan.tasksPerIteration());
    return missing.isEmpty() ? steps.learn(iteration) : steps.collect(iteration, missing);
  }
}
