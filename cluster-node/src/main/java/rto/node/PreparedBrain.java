package rto.node;

import java.io.IOException;
import java.util.List;
import rto.learner.LearnerEngine;
import rto.lm.io.Tokenizer;
import rto.tensor.ComputePool;
import rto.train.RolloutPlan;
import rto.train.RunFolder;
import rto.train.RunPrompts;
import rto.train.RunSettings;
import rto.train.Stages;

/**
 * What a run's brain takes time to load, once the stages before the policy stage are made.
 *
 * @param tasks which prompts are sampled when
 * @param engines made the learner, and close it
 */
record PreparedBrain(RolloutPlan tasks, Engines engines, Compute<LearnerEngine> learner)
    implements Standby.Prepared {

  /**
   * For a brain that starts now.
   *
   * @param run under whose name it journals
   */
  static PreparedBrain load(RunSettings settings, RunFolder folder, String run, ComputePool pool)
      throws IOException {
    try (Tokenizer tokenizer = settings.model().tokenizer(folder.base())) {
      Engines engines = Engines.of(settings, folder, tokenizer);
      return new PreparedBrain(
          plan(settings, folder, run, tokenizer), engines, engines.learner(pool));
    }
  }

  /**
   * For a brain that may start later, with all that does not change until then: frozen models and
   * data are verified, libtorch is there, the scripts are compiled, and the learner has the first
   * policy in the place where the last checkpoint's will be. Writes nothing.
   */
  static PreparedBrain loadAhead(RunSettings settings, RunFolder folder, String run)
      throws IOException {
    SettingsCheck.require(settings, folder);
    Stages.verify(settings, folder);
    ComputePool pool = new ComputePool("compute", settings.resources().threads());
    try (Tokenizer tokenizer = settings.model().tokenizer(folder.base())) {
      Engines engines = Engines.of(settings, folder, tokenizer);
      engines.closeToo(pool);
      return ahead(plan(settings, folder, run, tokenizer), engines, pool);
    }
  }

  /** Nothing stays behind of one that cannot be loaded: it is tried again. */
  private static PreparedBrain ahead(RolloutPlan plan, Engines engines, ComputePool pool) {
    try {
      return new PreparedBrain(plan, engines, engines.learnerStandingBy(pool));
    } catch (RuntimeException failure) {
      engines.close();
      throw failure;
    }
  }

  private static RolloutPlan plan(
      RunSettings settings, RunFolder folder, String run, Tokenizer tokenizer) throws IOException {
    List<int[]> prompts = RunPrompts.read(folder).train().stream().map(tokenizer::encode).toList();
    return new RolloutPlan(run, settings.rto(), prompts, tokenizer.endTokens(), settings.seed());
  }

  @Override
  public void close() {
    engines.close();
  }
}
