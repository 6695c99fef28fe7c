package rto.algorithm;

/** The token rewards by name; each makes its rule from the weights it uses. */
public enum TokenRewardVariant {
  /** DPO token rewards, KL penalty and sentence reward: {@link RtoReward}. */
  RTO {
    @Override
    public TokenReward with(RewardWeights w) {
      return new RtoReward(w.beta1(), w.beta3(), w.tokenRewardClip(), w.missingEosPenalty());
    }
  },
  /** KL penalty and sentence reward alone: {@link PpoReward}. */
  PPO {
    @Override
    public TokenReward with(RewardWeights w) {
      return new PpoReward(w.beta3(), w.missingEosPenalty());
    }
  };

  /** The rule with these weights. */
  public abstract TokenReward with(RewardWeights weights);
}
