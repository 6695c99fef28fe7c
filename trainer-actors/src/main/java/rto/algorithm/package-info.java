/**
 * The formulas: token rewards, advantages, schedules and losses, one small file each with its
 * equation above the code. No models, no actors, no tensors may come in: what needs no gradient
 * works on {@code float[]} of real tokens (one unpadded response, no mask, no batch axis,
 * accumulated in double); what needs one is an {@link rto.algorithm.Objective}, TorchScript text
 * that the tensor room compiles.
 *
 * <h2>Legend</h2>
 *
 * <pre>
 *   x              prompt
 *   y = y₁..y_H    response, H tokens, the end token included if there is one
 *   s_h = (x, y_&lt;h)   state: the prefix before token h        a_h = y_h   action
 *   π, π_old       the policy being trained; the one that sampled y
 *   π_ref, π_dpo   the frozen SFT policy; the DPO-trained policy
 *   r_MLE, R       the reward model's normalised score of (x, y); the same, clamped to ±10
 *   d_h = β₁ (log π_dpo(y_h|s_h) − log π_ref(y_h|s_h))      the DPO token reward
 *   k_h = log π_old(y_h|s_h) − log π_ref(y_h|s_h)           the k1 estimate of the KL divergence
 *   r_h, A_h, V_h  reward, advantage and value at token h; V_h is the critic on s_h
 *   G_h            the return: the critic's target, or the reward still to come where there is none
 *   ρ_h            π(y_h|s_h) / π_old(y_h|s_h)
 *   β₁, β₂, β₃     weight of the DPO token reward, the KL penalty, the sentence reward
 *   γ, λ           discount; decay of generalised advantage estimation
 *   Δ(y)           Σ_h log π(y_h|s_h) − log π_ref(y_h|s_h); Δ_w, Δ_l of the chosen (won) and the
 *                  rejected (lost) response of a pair
 *   K(y)           Σ_h KL(π_ref(·|s_h) ‖ π(·|s_h)), over the whole vocabulary
 *   p̄(y)           1/H Σ_h log π(y_h|s_h)
 *   [H] [N] [P]    tokens of a response; tokens of a micro-batch, end to end; preference pairs
 * </pre>
 *
 * <h2>Sources</h2>
 *
 * [P] Zhong et al., "DPO Meets PPO: Reinforced Token Optimization for RLHF", ICML 2025,
 * arXiv:2404.18922v4. [C] its released code, github.com/zkshan2002/RTO. Each file names the others.
 *
 * <h2>Departures</h2>
 *
 * From the paper, following the release:
 *
 * <ul>
 *   <li>d_h may be clipped to ±c after scaling, and R is clamped to ±10: neither is in [P]. The
 *       clip is on each d_h, before Semi-RTO, DDPO and RS-PPO sum, move or take back anything.
 *   <li>Which tokens end a sentence in Semi-RTO is a setting.
 *   <li>k_h uses π_old, fixed while an iteration is learned, where [P] eq. 4.7 writes the policy.
 *   <li>r_MLE is normalised by the reward model's own mean and deviation.
 * </ul>
 *
 * From the release:
 *
 * <ul>
 *   <li>Zero means zero: β₁ = 0 is PPO and c = 0 removes d_h. [C] reads both as "leave as it is".
 *   <li>A truncated response keeps its last token, which [C] overwrites with the end token; a
 *       penalty for the missing end token takes that trick's place.
 *   <li>β₃ is a factor; [C] has 1.
 *   <li>The observed KL that steers an adaptive β₂ is per response (Ziegler et al.), in [C] per
 *       token.
 *   <li>The first optimizer step is not taken at a learning rate of zero, and the last one is taken
 *       at the final rate.
 * </ul>
 */
package rto.algorithm;
