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
 *   finished                                     end
 *   learner empty                                restore the last checkpoint, or the first policy
 *   learner holds another policy than journalled refuse
 *   learner behind the journal                   learn the journalled iteration again
 *   checkpoint due                               write it
 *   all iterations learned                       persist RunFinished
 *   paused                                       rest
 *   iteration k not begun                        persist IterationStarted
 *   tasks missing                                collect them
 *   all tasks in                                 learn
 * </pre>
 */
final class NextStep {

  /** One method per thing that a run can do. */
  interface Steps<R> {

    R persist(RunEvent event);

    R refuse(String reason);

    R end(RunFinished finished);

    R restore(Optional<CheckpointWritten> checkpoint);

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
    if (state.finished().isPresent()) {
      return steps.end(state.finished().get());
    }
    return learner
        .map(position -> withLearner(plan, state, position, steps))
        .orElseGet(() -> steps.restore(state.checkpoint()));
  }

  private static <R> R withLearner(
      RunPlan plan, RunState state, LearnerPosition learner, Steps<R> steps) {
    var iteration = Optional.ofNullable(state.open().get(learner.learned()));
    var anotherPolicy = iteration.flatMap(begun -> Mismatch.ofPolicy(learner, begun.start()));
    if (anotherPolicy.isPresent()) {
      return steps.refuse(anotherPolicy.get());
    }
    if (learner.learned() < state.learned()) {
      return steps.learn(iteration.orElseThrow());
    }
    if (plan.checkpointDue(state.learned()) && state.checkpointed() < state.learned()) {
      return steps.writeCheckpoint(state.learned() - 1);
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
