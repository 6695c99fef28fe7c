/**
 * The theory of the paper [P §3, §4] in float64 on token trees that can be enumerated: the oracle
 * that learned policies and the paper's bounds are held against. Plain Java; no models, no tensors,
 * no actors may come in, and the trainer itself may not look here.
 *
 * <h2>Legend</h2>
 *
 * <pre>
 *   A, H          tokens of the vocabulary; tokens of a response
 *   s             a prefix, a node of the tree; the root is the prompt
 *   (s, a)        a step: token a after prefix s
 *   r(s, a)       reward of a step                π_ref(a|s)   reference policy
 *   V_β^π         E_π Σ_h (r − β log π/π_ref)     π*, V*, Q*   the best policy and its values
 *   φ(s, a) [d]   features of a step              θ [d]        r = φᵀθ where rewards are linear
 *   τ             a response with its steps       Δφ           difference of two responses' feature sums
 *   [S] [N] [Y]   one entry per step; per node; per response
 * </pre>
 *
 * [P] is Zhong et al., "DPO Meets PPO", arXiv:2404.18922v4.
 */
package rto.tabular;
