package rto.train;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.lm.io.HfCheckpoint;
import rto.protocol.Trajectory;

/**
 * The reward model as scorers use it: with tokens of its own, if its tokenizer is not the policy's.
 * Everywhere else trajectories are the policy's tokens.
 *
 * <p>For one thread at a time. Owns the model.
 */
public final class RewardModel implements AutoCloseable {

  private final Decoder model;
  private final Optional<Reencoding> reencoding;

  private RewardModel(Decoder model, Optional<Reencoding> reencoding) {
    this.model = model;
    this.reencoding = reencoding;
  }

  /** Takes over a model that reads the policy's tokens. */
  public static RewardModel ofPolicyTokens(Decoder model) {
    return new RewardModel(model, Optional.empty());
  }

  /** Loads the reward model of a run whose stages are made. */
  public static RewardModel load(ModelSource policy, RunFolder folder) throws IOException {
    RunPrompts prompts = RunPrompts.read(folder);
    Optional<Reencoding> reencoding =
        Reencoding.between(
            policy,
            folder.base(),
            folder.rewardModel(),
            Stream.of(prompts.train(), prompts.heldOut()).flatMap(List::stream).toList());
    try {
      return new RewardModel(
          HfCheckpoint.load(folder.rewardModel()).in(policy.computeType()).frozen(), reencoding);
    } catch (IOException | RuntimeException e) {
      reencoding.ifPresent(Reencoding::close);
      throw e;
    }
  }

  /** r_MLE of each, normalised. */
  float[] scores(List<Trajectory> trajectories, int microBatch) {
    return model.scores(trajectories.stream().map(this::sequence).toList(), microBatch);
  }

  private Sequence sequence(Trajectory trajectory) {
    return reencoding.isPresent()
        ? reencoding.get().sequence(trajectory)
        : new Sequence(trajectory.prompt().tokens(), trajectory.response());
  }

  @Override
  public void close() {
    model.close();
    reencoding.ifPresent(Reencoding::close);
  }
}
