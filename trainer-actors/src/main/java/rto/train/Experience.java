package rto.train;

import rto.lm.Sequence;

/**
 * A trajectory with everything that PPO learns from, each array [H].
 *
 * @param oldLogProbs log π_old of the sampled tokens
 * @param values V(s_h) before the update
 * @param advantages whitened over the iteration
 * @param returns the critic's targets
 */
record Experience(
    Sequence sequence, float[] oldLogProbs, float[] values, float[] advantages, float[] returns) {}
