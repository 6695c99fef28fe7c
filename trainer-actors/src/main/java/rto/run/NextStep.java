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
 *   checkpoint due that this learner did not see write it, once the iteration's tasks are in
 *   learner behind the journal                   learn the journalled iteration again
 *   finished                                     end
 *   all iterations learned                       persist RunFinished
 *   iteration k + η not begun, not paused        persist IterationStarted
 *   tasks of iteration k missing                 collect them
 *   all in, but paused before iteration k + η    rest
 *   all in                                       learn iteration k, collect k + 1 .. k + η meanwhile
 * </pre>
 *
 * With k iterations learned the learner holds version k, and that is the version which samples
 * iteration k + η: an iteration begins as soon as its version is there, and always before that
 * version learns. So an older version is needed only for tasks of iteration k that are still
 * missing, and a checkpoint, which holds version k alone, waits for them: a run that goes on from
 * it never asks for a version that nobody has. η = 0 has no such tasks, and waits for none.
 *
 * <p>A checkpoint that was damaged is due once more when the learner is there again; also in a
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

    /** {@code ahead} are those that have begun after it. */
    R learn(IterationJournal iteration, List<IterationJournal> ahead);

    R writeCheckpoint(int iteration);

    R rest();

    /** The missing tasks of this iteration are awaited; those {@code ahead} are welcome. */
    R collect(IterationJournal iteration, List<IterationJournal> ahead);
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
    var anotherPolicy = Mismatch.ofPolicies(plan, state, learner);
    if (anotherPolicy.isPresent()) {
      return steps.refuse(anotherPolicy.get());
    }
    var iteration = Optional.ofNullable(state.open().get(learner.learned()));
    boolean allIn = iteration.map(begun -> begun.isWhole(plan.tasksPerIteration())).orElse(true);
    if (allIn && plan.checkpointDue(learner.learned()) && learner.saved() < learner.learned()) {
      return steps.writeCheckpoint(learner.learned() - 1);
    }
    if (learner.learned() < state.learned()) {
      return steps.learn(iteration.orElseThrow(), List.of());
    }
    if (state.finished().isPresent()) {
      return steps.end(state.finished().get());
    }
    if (state.learned() == plan.iterations()) {
      return steps.persist(new RunFinished(learner.digest()));
    }
    boolean more = state.begun() <= plan.lastToBegin(state.learned());
    if (more && !state.paused()) {
      return steps.persist(new IterationStarted(state.begun(), learner.weights()));
    }
    if (!allIn) {
      return steps.collect(iteration.orElseThrow(), state.ahead());
    }
    return more ? steps.rest() : steps.learn(iteration.orElseThrow(), state.ahead());
  }
}
