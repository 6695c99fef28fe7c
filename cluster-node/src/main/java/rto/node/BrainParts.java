package rto.node;

import rto.learner.LearnerEngine;
import rto.run.RunObserver;
import rto.run.RunPlan;
import rto.run.TaskSource;

/** What a run's brain needs beside actors; the learner is its child, on the same node. */
record BrainParts(
    RunPlan plan, TaskSource tasks, Compute<LearnerEngine> learner, RunObserver observer) {

  /** The same parts with another observer. */
  BrainParts observedBy(RunObserver other) {
    return new BrainParts(plan, tasks, learner, other);
  }
}
