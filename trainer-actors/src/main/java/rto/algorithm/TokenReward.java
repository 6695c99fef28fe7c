package rto.algorithm;

import java.util.Set;
import rto.protocol.ScoredTrajectory;

/**
 * What each token of a response is paid. A variant is one small record here; nothing else in the
 * learner knows which one runs.
 *
 * <pre>
 *              at h &lt; H                   at h = H                     Σ_h
 *   PPO        −β₂k_h                     −β₂k_H + β₃R                 β₃R − β₂Σk
 *   RTO        d_h − β₂k_h                d_H − β₂k_H + β₃R            Σd + β₃R − β₂Σk
 *   Semi-RTO   Σ_sentence d − β₂k_h       Σ_sentence d − β₂k_H + β₃R   Σd + β₃R − β₂Σk
 *              at delimiters, else −β₂k_h
 *   DDPO       −β₂k_h                     Σd − β₂k_H + β₃R             Σd + β₃R − β₂Σk
 *   RS-PPO     d_h − β₂k_h                d_H − Σd − β₂k_H + β₃R       β₃R − β₂Σk
 * </pre>
 *
 * The clip, where there is one, bounds each d_h after scaling and before any of it is summed or
 * moved; the Σd above are sums of clipped ones. [C] clips d_h in RTO so.
 */
public sealed interface TokenReward
    permits PpoReward, RtoReward, SemiRtoReward, DdpoReward, RsPpoReward {

  /** A column that a scoring room adds to a trajectory. */
  enum Column {
    /** log π_ref of each token. */
    REFERENCE,
    /** log π_dpo of each token. */
    DPO,
    /** r_MLE of the response. */
    REWARD
  }

  /** The columns that must be there; the rooms that would add others can be left out. */
  Set<Column> needs();

  /**
   * Pays one response.
   *
   * @param scored with the columns of {@link #needs()}
   * @param beta2 the KL coefficient of this iteration, see {@link KlController}
   * @throws IllegalArgumentException if a needed column is absent or not finite, or beta2 is
   *     negative
   */
  TokenRewards perToken(ScoredTrajectory scored, double beta2);
}
