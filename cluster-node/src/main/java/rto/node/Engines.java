package rto.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import rto.algorithm.TokenReward;
import rto.checkpoint.ScratchFile;
import rto.learner.DamagedCheckpoint;
import rto.learner.LearnerEngine;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.ProcessMemory;
import rto.protocol.RolloutTask;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;
import rto.rollout.PolicyEngine;
import rto.scoring.TrajectoryScorer;
import rto.tensor.ComputeDevice;
import rto.tensor.ComputePool;
import rto.tensor.ComputeThread;
import rto.train.Checkpoints;
import rto.train.Models;
import rto.train.PolicyLearner;
import rto.train.RewardModel;
import rto.train.RtoSettings;
import rto.train.RunFolder;
import rto.train.RunSettings;
import rto.train.Scoring;
import rto.train.TaskSampler;

/**
 * The models of the policy stage, each behind a compute thread of its own, in the shape in which
 * the actor rooms take them. With adapters all of them share one base.
 */
final class Engines implements AutoCloseable {

  private final RunSettings settings;
  private final RunFolder folder;
  private final TokenReward rule;
  private final Models models;
  private final List<Runnable> closers = new ArrayList<>();

  /**
   * @param rule pays the tokens, and says which frozen models are there
   */
  private Engines(RunSettings settings, RunFolder folder, TokenReward rule) {
    this.settings = settings;
    this.folder = folder;
    this.rule = rule;
    this.models = Models.of(folder.base(), settings.lora());
  }

  /** Of a run whose stages before this one are made. */
  static Engines of(RunSettings settings, RunFolder folder, Tokenizer tokenizer)
      throws IOException {
    int size = HfCheckpoint.config(folder.base()).vocabSize();
    return new Engines(settings, folder, settings.rto().rule(() -> tokenizer.vocabulary(size)));
  }

  /** The learner; its updates share the threads of {@code pool}. */
  Compute<LearnerEngine> learner(ComputePool pool) {
    PolicyLearner learner = policyLearner(pool);
    return learner(learner, thread("learner", learner::close));
  }

  /** The same, with everything loaded that it will need whichever state it is restored to. */
  Compute<LearnerEngine> learnerStandingBy(ComputePool pool) {
    PolicyLearner learner = policyLearner(pool);
    ComputeThread thread = thread("learner", learner::close);
    thread.call(
        () -> {
          learner.standBy();
          return learner.digest();
        });
    return learner(learner, thread);
  }

  private Compute<LearnerEngine> learner(PolicyLearner learner, ComputeThread thread) {
    return new Compute<>(
        new Learning(learner, folder.checkpoints(), settings.resources().checkpoints()), thread);
  }

  private PolicyLearner policyLearner(ComputePool pool) {
    return new PolicyLearner(
        settings.rto(),
        rule,
        settings.optimizer(),
        models,
        folder.rewardModel(),
        folder.checkpoints(),
        pool,
        settings.seed());
  }

  /** As many samplers as this node has rollout workers. */
  List<Compute<PolicyEngine>> policies() {
    List<Compute<PolicyEngine>> policies = new ArrayList<>();
    for (int i = 0; i < settings.resources().workers(); i++) {
      TaskSampler sampler = new TaskSampler(settings.rto().generationBatch(), models);
      ComputeDevice device = settings.resources().device(i);
      ComputeThread thread = freeing(new ComputeThread("rollout-" + i, device), sampler::close);
      policies.add(new Compute<>(new Policy(sampler), thread));
    }
    return policies;
  }

  /** All frozen models that the token reward asks for. */
  Map<NodeRole, Compute<TrajectoryScorer>> scorers() throws IOException {
    return scorers(chain());
  }

  /** The scoring rooms of the run, in their order. */
  List<NodeRole> chain() {
    Map<TokenReward.Column, NodeRole> rooms =
        Map.of(
            TokenReward.Column.REFERENCE, NodeRole.REFERENCE,
            TokenReward.Column.DPO, NodeRole.DPO,
            TokenReward.Column.REWARD, NodeRole.REWARD);
    return rule.needs().stream().map(rooms::get).sorted().toList();
  }

  /** The frozen models of these rooms. */
  Map<NodeRole, Compute<TrajectoryScorer>> scorers(List<NodeRole> roles) throws IOException {
    RtoSettings rto = settings.rto();
    Scoring scoring = new Scoring(rto.temperature(), rto.microBatch());
    Map<NodeRole, Compute<TrajectoryScorer>> scorers = new EnumMap<>(NodeRole.class);
    for (NodeRole role : roles) {
      scorers.put(
          role,
          switch (role) {
            case REFERENCE -> scorer("base", models.reference().frozen(), scoring::reference);
            case DPO -> scorer("dpo", models.load(folder.dpo()).frozen(), scoring::dpo);
            case REWARD -> reward(scoring);
            case LEARNER, ROLLOUT -> throw new IllegalArgumentException(role.id() + ": no scorer");
          });
    }
    return scorers;
  }

  private Compute<TrajectoryScorer> scorer(
      String name,
      Decoder model,
      BiFunction<Decoder, List<ScoredTrajectory>, List<ScoredTrajectory>> column) {
    ComputeThread thread = thread("score-" + name, model::close);
    return new Compute<>(trajectories -> column.apply(model, trajectories), thread);
  }

  private Compute<TrajectoryScorer> reward(Scoring scoring) throws IOException {
    RewardModel model = RewardModel.load(settings.model(), folder, models);
    ComputeThread thread = thread("score-" + folder.rewardModel().getFileName(), model::close);
    return new Compute<>(trajectories -> scoring.reward(model, trajectories), thread);
  }

  /** A thread, and how its model is freed: on the thread itself, after its last work. */
  private ComputeThread thread(String name, Runnable freeModel) {
    return freeing(new ComputeThread(name), freeModel);
  }

  private ComputeThread freeing(ComputeThread thread, Runnable freeModel) {
    closers.add(
        () -> {
          thread.execute(freeModel);
          thread.execute(ProcessMemory::giveBack);
          thread.close();
        });
    return thread;
  }

  /** The pool is closed with these engines, after them. */
  void closeToo(ComputePool pool) {
    closers.add(pool::close);
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
    models.close();
  }

  /**
   * The learner as its room sees it. The journal knows checkpoints by their names alone: a run's
   * folder may be moved, or named from another place.
   *
   * @param kept how many of the last checkpoints
   */
  private record Learning(PolicyLearner learner, Path checkpoints, int kept)
      implements LearnerEngine {

    @Override
    public Snapshot restore(Optional<String> checkpointFolder) {
      try {
        learner.restore(checkpointFolder.map(checkpoints::resolve));
      } catch (UncheckedIOException unreadable) {
        // The first policy is no checkpoint: without it there is no run.
        throw checkpointFolder.isPresent()
            ? new DamagedCheckpoint(unreadable.getMessage(), unreadable)
            : unreadable;
      }
      return snapshot();
    }

    @Override
    public Step learn(int iteration, List<ScoredTrajectory> inTaskOrder) {
      // Sampling, scoring and learning have tensors of other sizes, and what one has freed is in
      // the way of the next.
      ProcessMemory.giveBack();
      Map<String, Double> numbers = learner.learn(iteration, inTaskOrder);
      ProcessMemory.giveBack();
      return new Step(snapshot(), numbers);
    }

    @Override
    public Written writeCheckpoint(int iteration) {
      return new Written(learner.writeCheckpoint().getFileName().toString(), learner.digest());
    }

    @Override
    public void dropCheckpoints(List<String> needed) {
      try {
        new Checkpoints(checkpoints).keep(kept, needed);
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    private Snapshot snapshot() {
      PolicyLearner.Snapshot now = learner.snapshot();
      return new Snapshot(now.ref(), now.file(), learner.digest());
    }
  }

  /** A sampler as its room sees it. */
  private record Policy(TaskSampler sampler) implements PolicyEngine {

    @Override
    public void install(WeightsRef ref, ScratchFile snapshot) {
      sampler.install(ref, snapshot);
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      return sampler.sample(task);
    }
  }
}
