package rto.algorithm;

import java.util.Set;
import java.util.function.Supplier;

/** The token rewards by name; each makes its rule from what it uses. */
public enum TokenRewardVariant {
  /** DPO token rewards, KL penalty and sentence reward: {@link RtoReward}. */
  RTO {
    @Override
    public TokenReward with(RewardWeights w, Supplier<Set<Integer>> delimiters) {
      return new RtoReward(w);
    }
  },
  /** KL penalty and sentence reward alone: {@link PpoReward}. */
  PPO {
    @Override
    public TokenReward with(RewardWeights w, Supplier<Set<Integer>> delimiters) {
      return new PpoReward(w);
    }
  },
  /** RTO with the DPO reward paid per sentence: {@link SemiRtoReward}. */
  SEMI_RTO {
    @Override
    public TokenReward with(RewardWeights w, Supplier<Set<Integer>> delimiters) {
      return new SemiRtoReward(w, delimiters.get());
    }
  },
  /** RTO with the DPO reward paid at the end: {@link DdpoReward}. */
  DDPO {
    @Override
    public TokenReward with(RewardWeights w, Supplier<Set<Integer>> delimiters) {
      return new DdpoReward(w);
    }
  },
  /** PPO with the DPO reward as pure shaping: {@link RsPpoReward}. */
  RS_PPO {
    @Override
    public TokenReward with(RewardWeights w, Supplier<Set<Integer>> delimiters) {
      return new RsPpoReward(w);
    }
  };

  /**
   * The rule with these weights.
   *
   * @param delimiters token ids that end a sentence; asked for by a rule that uses them only
   */
  public abstract TokenReward with(RewardWeights weights, Supplier<Set<Integer>> delimiters);
}
