package rto.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import rto.lm.Decoder;
import rto.lm.Weights;
import rto.protocol.RolloutTask;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.train.AdvantageVariant;
import rto.train.Models;
import rto.train.PolicyLearner;
import rto.train.RewardModel;
import rto.train.RolloutPlan;
import rto.train.RtoSettings;
import rto.train.Scoring;
import rto.train.TaskSampler;

/**
 * Whole iterations of RTO on random weights, through the stages that a run uses: the learner's
 * snapshot is installed, tasks are sampled and scored by reference, DPO and reward model, and
 * policy and critic learn. As in a run each compute thread samples and scores a task of its own.
 */
final class Iteration implements AutoCloseable {

  private static final int NO_END = -1;
  private static final long SEED = 1;
  private static final long DPO_SEED = 2;

  private final BenchShape shape;
  private final Crew crew;
  private final TemporaryFolder folder = TemporaryFolder.create();
  private final RtoSettings settings;
  private final List<int[]> prompts;
  private final RolloutPlan plan;
  private final Scoring scoring;
  private final TaskSampler sampler;
  private final Decoder reference;
  private final Decoder dpo;
  private final RewardModel reward;
  private final PolicyLearner learner;

  /** Seconds of each part of one iteration. */
  record Times(double publishing, double sampling, double scoring, double update) {
    double all() {
      return publishing + sampling + scoring + update;
    }
  }

  /**
   * Makes all models; their files lie in a temporary folder until {@link #close}.
   *
   * @param crew an iteration has a task for each of its threads
   */
  Iteration(BenchShape shape, Crew crew) throws IOException {
    this.shape = shape;
    this.crew = crew;
    this.sampler = new TaskSampler(shape.batch(), Models.of(folder.path(), Optional.empty()));
    this.settings =
        Learners.settings(shape, crew.threads() * shape.promptsPerTask(), AdvantageVariant.GAE);
    this.prompts = Prompts.of(shape, settings.promptsPerIteration());
    this.plan = new RolloutPlan("bench", settings, prompts, List.of(NO_END), SEED);
    this.scoring = new Scoring(settings.temperature(), settings.microBatch());
    this.reference = shape.model(shape.config(), Weights.random(shape.config(), SEED));
    this.dpo = shape.model(shape.config(), Weights.random(shape.config(), DPO_SEED));
    Decoder classifier = shape.model(shape.scalar(), Weights.random(shape.scalar(), SEED));
    this.reward = RewardModel.ofPolicyTokens(classifier);
    this.learner = Learners.learner(settings, reference, classifier, folder, crew.pool());
  }

  IterationSize size() {
    return IterationSize.of(prompts, settings.samplesPerPrompt(), shape.newTokens());
  }

  Times run() {
    Stopwatch watch = crew.clock().start();
    int all = Crew.busy(crew.threads());
    List<RolloutTask> tasks = published();
    double publishing = watch.lap(1);
    List<Trajectory> trajectories = sampled(tasks);
    double sampling = watch.lap(all);
    List<ScoredTrajectory> scored = scored(trajectories);
    double scores = watch.lap(all);
    learner.learn(learner.learned(), scored);
    return new Times(publishing, sampling, scores, watch.lap(all));
  }

  private List<RolloutTask> published() {
    try (PolicyLearner.Snapshot policy = learner.snapshot()) {
      sampler.install(policy.ref(), policy.file());
      return plan.tasks(learner.learned(), policy.ref());
    }
  }

  private List<Trajectory> sampled(List<RolloutTask> tasks) {
    List<Callable<List<Trajectory>>> pieces = new ArrayList<>();
    tasks.forEach(task -> pieces.add(() -> sampler.sample(task)));
    return crew.pool().map(pieces).stream().flatMap(List::stream).toList();
  }

  private List<ScoredTrajectory> scored(List<Trajectory> trajectories) {
    List<Callable<List<ScoredTrajectory>>> pieces = new ArrayList<>();
    for (int from = 0; from < trajectories.size(); from += shape.batch()) {
      List<ScoredTrajectory> task =
          trajectories.subList(from, from + shape.batch()).stream()
              .map(ScoredTrajectory::unscored)
              .toList();
      pieces.add(
          () -> scoring.reward(reward, scoring.dpo(dpo, scoring.reference(reference, task))));
    }
    return crew.pool().map(pieces).stream().flatMap(List::stream).toList();
  }

  @Override
  public void close() {
    learner.close();
    sampler.close();
    reference.close();
    dpo.close();
    reward.close();
    folder.close();
  }
}
