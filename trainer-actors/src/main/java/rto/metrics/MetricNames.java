package rto.metrics;

import java.util.Arrays;
import java.util.Optional;

/**
 * The glossary: what each number of a run is called in metrics.jsonl, what it means, how it is
 * computed, and in what unit. B responses per iteration, H tokens in a response, π the policy,
 * π_old the policy that sampled, π_ref the frozen reference.
 */
public enum MetricNames {
  LOSS("loss", "loss", "what the stage minimises", "mean over the batch", "nats"),
  ACCURACY(
      "accuracy",
      "accuracy",
      "how often the preferred response of a pair gets the higher score",
      "mean 1[score_w > score_l]",
      "share, 0 to 1"),
  MEAN_MARGIN(
      "mean-margin",
      "margin",
      "by how much the reward model prefers the better response of a pair",
      "mean r_w − r_l, not normalised",
      "reward"),
  CHOSEN_REWARD(
      "chosen-reward",
      "chosen",
      "the reward that the trained policy implies for the better response of a pair",
      "mean β Σ_h (log π − log π_ref) of y_w; without a reference (SimPO) mean β/H Σ_h log π",
      "reward"),
  REJECTED_REWARD(
      "rejected-reward",
      "rejected",
      "the same for the worse response",
      "as chosen-reward, of y_l",
      "reward"),
  REWARD_MARGIN(
      "reward-margin",
      "margin",
      "by how much the trained policy's implied reward prefers the better response",
      "chosen-reward − rejected-reward",
      "reward"),
  LENGTH_DIFFERENCE(
      "length-difference",
      "length gap",
      "how much longer the better response of a pair is",
      "mean |y_w| − |y_l|",
      "tokens"),
  CHOSEN_KL(
      "chosen-kl",
      "chosen KL",
      "how far the policy has moved from the reference along the better response",
      "mean Σ_h KL(π_ref(·|s_h) ‖ π(·|s_h)) of y_w, over the whole vocabulary",
      "nats per response"),
  REJECTED_KL(
      "rejected-kl",
      "rejected KL",
      "the same along the worse response",
      "as chosen-kl, of y_l",
      "nats per response"),
  SCORE_MEAN(
      "mean",
      "score mean",
      "the reward model's mean score of held-out responses, which normalising takes off",
      "mean r over held-out pairs",
      "reward"),
  SCORE_STD(
      "std",
      "score std",
      "the spread of these scores, which normalising divides by",
      "√mean (r − mean)²",
      "reward"),
  GOLD_REWARD(
      "gold-reward",
      "gold",
      "the reward that the trainer never sees, on held-out prompts",
      "mean gold(x, y)",
      "gold reward"),
  REWARD(
      "reward",
      "reward",
      "what the reward model thinks of the responses",
      "mean r_MLE(x, y), normalised",
      "standard deviations of the reward model"),
  REWARD_DPO(
      "reward-dpo",
      "DPO part",
      "the DPO model's part of the reward, where it is earned",
      "mean over responses of Σ_h d_h, d_h = β1 (log π_dpo − log π_ref), clipped if so set",
      "reward"),
  REWARD_KL(
      "reward-kl",
      "KL part",
      "the price of leaving the reference",
      "mean over responses of −β2 Σ_h (log π_old − log π_ref)",
      "reward"),
  REWARD_SENTENCE(
      "reward-sentence",
      "reward model part",
      "the reward model's part, less the penalty for a missing end token",
      "mean over responses of β3 R",
      "reward"),
  REWARD_SHAPING(
      "reward-shaping",
      "shaping part",
      "what a variant adds to the DPO part to pay it elsewhere, or to take it back",
      "mean over responses of Σ_h shaping_h: 0 where d is only moved, −Σ_h d_h in RS-PPO",
      "reward"),
  KL(
      "kl",
      "KL",
      "how far the policy has moved from the reference, per token",
      "mean over tokens of log π_old − log π_ref (the k1 estimator)",
      "nats per token"),
  KL_SEQUENCE(
      "kl-sequence",
      "KL/response",
      "the same, per response",
      "mean over responses of Σ_h (log π_old − log π_ref)",
      "nats per response"),
  LENGTH("length", "length", "how long the responses are", "mean H", "tokens"),
  TRUNCATED(
      "truncated",
      "truncated",
      "responses that the length limit ended",
      "mean 1[no end token]",
      "share, 0 to 1"),
  STALENESS_0(
      "staleness-0",
      "on-policy",
      "responses by the very policy that begins to learn from them",
      "number with learner version − sampling version = 0",
      "responses"),
  STALENESS_1(
      "staleness-1",
      "one version old",
      "responses by the version before the policy that begins to learn from them",
      "number with learner version − sampling version = 1",
      "responses"),
  POLICY_LOSS(
      "policy-loss",
      "policy loss",
      "PPO's clipped objective, negated",
      "−mean min(ρA, clip(ρ, 1±ε)A)",
      "advantage"),
  VALUE_LOSS(
      "value-loss",
      "value loss",
      "how wrong the critic is, clipped",
      "mean ½ max((V−R)², (clip(V, V_old±ε)−R)²)",
      "reward²"),
  VALUE_CLIP_FRACTION(
      "value-clip-fraction",
      "values clipped",
      "tokens whose value gradient the clip cut off",
      "mean 1[(V−R)² < (clip(V, V_old±ε)−R)²]",
      "share, 0 to 1"),
  MEAN_VALUE("mean-value", "value", "what the critic expects", "mean V", "reward"),
  EXPLAINED_VARIANCE(
      "explained-variance",
      "explained",
      "how much of the returns the critic foresees; 1 is all, 0 no more than their mean",
      "1 − Var(R − V) / Var(R)",
      "share, up to 1"),
  RATIO(
      "ratio",
      "ratio",
      "how far the policy is from the one that sampled",
      "mean ρ = π / π_old",
      "1"),
  CLIP_FRACTION(
      "clip-fraction",
      "clipped",
      "tokens whose gradient the clip cut off: the ratio left the range on the side that A favours",
      "mean 1[clip(ρ, 1±ε)A < ρA]",
      "share, 0 to 1"),
  APPROX_KL(
      "approx-kl",
      "approx KL",
      "how far the policy is from the one that sampled, as a divergence",
      "mean (ρ − 1) − log ρ (the k3 estimator)",
      "nats per token"),
  GRADIENT_NORM(
      "gradient-norm",
      "gradient",
      "size of the whole gradient before clipping",
      "‖g‖₂ over all parameters",
      "loss per parameter unit"),
  LEARNING_RATE(
      "learning-rate", "rate", "the optimizer's step size after warm-up and decay", "", "1"),
  VALUE_GRADIENT_NORM(
      "value-gradient-norm",
      "value gradient",
      "size of the critic's gradient before clipping",
      "‖g‖₂ over all parameters",
      "loss per parameter unit"),
  VALUE_LEARNING_RATE(
      "value-learning-rate", "value rate", "the critic's step size, as the policy's", "", "1"),
  BETA2("beta2", "β2", "strength of the KL penalty, which KL control may change", "", "reward"),
  TOKENS_PER_SECOND(
      "tokens-per-second",
      "tokens/s",
      "response tokens sampled, scored and learned per second of the whole iteration",
      "ΣH / seconds",
      "tokens/s"),
  RESIDENT_MEMORY(
      "resident-memory",
      "memory",
      "what the learner's process holds of the machine's memory",
      "the kernel's VmRSS",
      "MiB"),
  NATIVE_MEMORY(
      "native-memory",
      "native",
      "of it, what native code has allocated and not freed: tensors, mostly",
      "glibc's mallinfo2",
      "MiB"),
  DEVICE_MEMORY(
      "device-memory",
      "GPU memory",
      "what is in use of the memory of the learner's GPU, if it has one, by whomever",
      "total − free",
      "MiB"),
  JAVA_HEAP("java-heap", "heap", "what is used of the Java heap, garbage included", "", "MiB"),
  OPEN_TENSORS(
      "open-tensors",
      "tensors",
      "tensors that the program holds; they stay as many, or something leaks",
      "arrays in open scopes",
      "count");

  private final String key;
  private final String label;
  private final String meaning;
  private final String formula;
  private final String unit;

  MetricNames(String key, String label, String meaning, String formula, String unit) {
    this.key = key;
    this.label = label;
    this.meaning = meaning;
    this.formula = formula;
    this.unit = unit;
  }

  /** The name in metrics.jsonl and in maps of numbers. */
  public String key() {
    return key;
  }

  /** The short name in a progress line. */
  public String label() {
    return label;
  }

  /** One sentence for a newcomer. */
  public String meaning() {
    return meaning;
  }

  /** Empty if it is set, not computed. */
  public String formula() {
    return formula;
  }

  public String unit() {
    return unit;
  }

  public static Optional<MetricNames> of(String key) {
    return Arrays.stream(values()).filter(metric -> metric.key.equals(key)).findFirst();
  }

  /** The short name, or the key itself for a number that is not in the glossary. */
  public static String label(String key) {
    return of(key).map(MetricNames::label).orElse(key);
  }
}
