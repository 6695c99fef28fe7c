/**
 * Prompts in, trajectories out, by workers that come and go. A worker owns one policy on one
 * compute thread and works on a few tasks at a time, so that it samples one while another is being
 * scored; it confirms a task only when the run has journalled it. Sampling itself is behind {@link
 * rto.rollout.PolicyEngine}.
 */
package rto.rollout;
