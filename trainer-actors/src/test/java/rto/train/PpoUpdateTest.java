package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.lm.Decoder;
import rto.lm.Sequence;
import rto.metrics.MetricNames;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.tensor.ComputePool;

/**
 * The numbers of a first update, whose one minibatch is the whole iteration, against a second
 * writing of the page of formulas: sums instead of recursions, in double.
 */
class PpoUpdateTest {

  private static final int RESPONSES = 12;
  private static final double TEMPERATURE = 0.8;
  private static final double BETA1 = 0.05;
  private static final double BETA2 = 0.02;
  private static final double LAMBDA = 0.95;

  @TempDir Path temp;

  @Test
  void theFirstLossesAreThoseOfTheFormulas() {
    List<Sequence> sequences = Tiny.sequences(RESPONSES, 1);
    List<ScoredTrajectory> scored = scored(sequences);
    List<double[]> advantages = new ArrayList<>();
    try (Decoder critic = Tiny.scalar(2)) {
      List<float[]> values = valuesByScores(critic, sequences);
      for (int i = 0; i < RESPONSES; i++) {
        advantages.add(advantages(rewards(scored.get(i)), values.get(i)));
      }
    }

    Map<String, Double> numbers = learn(scored, AdvantageVariant.GAE, rewardModel());

    // ρ = 1, so the policy's loss is −mean over responses of the mean whitened advantage; the
    // critic is where it was, so its loss is ½ (V − G)² with G − V = A before whitening.
    double policyLoss = 0;
    double valueLoss = 0;
    List<double[]> white = whitened(advantages);
    for (int i = 0; i < RESPONSES; i++) {
      for (int h = 0; h < white.get(i).length; h++) {
        double weight = 1.0 / RESPONSES / white.get(i).length;
        policyLoss -= weight * white.get(i)[h];
        valueLoss += weight * 0.5 * advantages.get(i)[h] * advantages.get(i)[h];
      }
    }
    assertThat(Math.abs(policyLoss)).isGreaterThan(0.01);
    assertThat(numbers.get("policy-loss")).isCloseTo(policyLoss, within(1e-5));
    assertThat(numbers.get("value-loss")).isCloseTo(valueLoss, within(1e-4 * valueLoss));
    assertThat(numbers.get("beta2")).isEqualTo(BETA2);
    assertThat(numbers.get("truncated")).isEqualTo(0.5);
    assertThat(numbers).hasSizeGreaterThan(15);
    assertThat(numbers.keySet())
        .allSatisfy(name -> assertThat(MetricNames.of(name)).as(name).isPresent());
  }

  @Test
  void withoutACriticTheAdvantageIsTheWhitenedSumOfTheRewardsToCome() {
    List<ScoredTrajectory> scored = scored(Tiny.sequences(RESPONSES, 1));
    List<double[]> toCome = new ArrayList<>();
    for (ScoredTrajectory one : scored) {
      double[] r = rewards(one);
      toCome.add(
          IntStream.range(0, r.length)
              .mapToDouble(h -> Arrays.stream(r, h, r.length).sum())
              .toArray());
    }

    Map<String, Double> numbers =
        learn(scored, AdvantageVariant.RETURN_TO_GO, temp.resolve("nowhere"));

    double policyLoss = 0;
    for (double[] white : whitened(toCome)) {
      policyLoss -= Arrays.stream(white).average().orElseThrow() / RESPONSES;
    }
    assertThat(Math.abs(policyLoss)).isGreaterThan(0.01);
    assertThat(numbers.get("policy-loss")).isCloseTo(policyLoss, within(1e-5));
    assertThat(numbers).doesNotContainKeys("value-loss", "explained-variance");
  }

  @Test
  void thePartsOfTheRewardAreLoggedAsMeanSumsOverResponses() {
    List<ScoredTrajectory> scored = scored(Tiny.sequences(RESPONSES, 1));
    Map<String, Double> numbers = learn(scored, AdvantageVariant.GAE, rewardModel());
    double dpo = 0;
    double kl = 0;
    double sentence = 0;
    for (ScoredTrajectory s : scored) {
      float[] reference = s.reference().orElseThrow();
      for (int h = 0; h < reference.length; h++) {
        dpo += BETA1 * (s.dpo().orElseThrow()[h] - reference[h]) / RESPONSES;
        kl -= BETA2 * (s.trajectory().logProbs()[h] - reference[h]) / RESPONSES;
      }
      sentence += Math.min(10, s.reward().orElseThrow()) / RESPONSES;
    }
    assertThat(numbers.get("reward-dpo")).isCloseTo(dpo, within(1e-5));
    assertThat(numbers.get("reward-kl")).isCloseTo(kl, within(1e-5));
    assertThat(numbers.get("reward-sentence")).isCloseTo(sentence, within(1e-5));
    assertThat(numbers.get("reward-shaping")).isZero();
  }

  private static List<ScoredTrajectory> scored(List<Sequence> sequences) {
    try (Decoder p = Tiny.language(1);
        Decoder r = Tiny.language(8);
        Decoder d = Tiny.language(9)) {
      List<float[]> policy = p.logProbs(sequences, TEMPERATURE, RESPONSES);
      List<float[]> reference = r.logProbs(sequences, TEMPERATURE, RESPONSES);
      List<float[]> dpo = d.logProbs(sequences, TEMPERATURE, RESPONSES);
      Random random = new Random(1);
      List<ScoredTrajectory> scored = new ArrayList<>();
      for (int i = 0; i < RESPONSES; i++) {
        Sequence s = sequences.get(i);
        Prompt prompt = new Prompt(i, s.prompt());
        double sentence = i == 0 ? 12 : random.nextGaussian(); // 12 is paid as 10
        scored.add(
            ScoredTrajectory.unscored(
                    new Trajectory(prompt, 0, s.response(), policy.get(i), i % 2 == 0, 0))
                .withReference(reference.get(i))
                .withDpo(dpo.get(i))
                .withReward(sentence));
      }
      return scored;
    }
  }

  /** V_h by another way: the score of the prefix before token h, read at its last token. */
  private static List<float[]> valuesByScores(Decoder critic, List<Sequence> sequences) {
    List<float[]> values = new ArrayList<>();
    for (Sequence s : sequences) {
      float[] v = new float[s.response().length];
      for (int h = 0; h < v.length; h++) {
        int[] prefix = new int[s.prompt().length + h];
        System.arraycopy(s.prompt(), 0, prefix, 0, s.prompt().length);
        System.arraycopy(s.response(), 0, prefix, s.prompt().length, h);
        int[] first = {prefix[0]};
        int[] rest = Arrays.copyOfRange(prefix, 1, prefix.length);
        v[h] = critic.scores(List.of(new Sequence(first, rest)), 1)[0];
      }
      values.add(v);
    }
    return values;
  }

  private static double[] rewards(ScoredTrajectory scored) {
    float[] policy = scored.trajectory().logProbs();
    float[] reference = scored.reference().orElseThrow();
    float[] dpo = scored.dpo().orElseThrow();
    double sentence = scored.reward().orElseThrow();
    double[] r = new double[policy.length];
    for (int h = 0; h < r.length; h++) {
      r[h] = BETA1 * (dpo[h] - reference[h]) - BETA2 * (policy[h] - reference[h]);
    }
    r[r.length - 1] += Math.min(10, Math.max(-10, sentence));
    return r;
  }

  /** A_h = Σ_l λ^l δ_{h+l} with γ = 1. */
  private static double[] advantages(double[] r, float[] v) {
    double[] advantages = new double[r.length];
    for (int h = 0; h < r.length; h++) {
      for (int k = h; k < r.length; k++) {
        double next = k + 1 < r.length ? v[k + 1] : 0;
        advantages[h] += Math.pow(LAMBDA, k - h) * (r[k] + next - v[k]);
      }
    }
    return advantages;
  }

  private static List<double[]> whitened(List<double[]> advantages) {
    double[] all = advantages.stream().flatMapToDouble(Arrays::stream).toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    double variance = Arrays.stream(all).map(a -> (a - mean) * (a - mean)).average().orElseThrow();
    return advantages.stream()
        .map(a -> Arrays.stream(a).map(x -> (x - mean) / Math.sqrt(variance)).toArray())
        .toList();
  }

  private Path rewardModel() {
    return Tiny.saved(Tiny.scalar(2), temp.resolve("reward"));
  }

  private Map<String, Double> learn(
      List<ScoredTrajectory> scored, AdvantageVariant advantage, Path reward) {
    Path policy = Tiny.saved(Tiny.language(1), temp.resolve("policy"));
    RtoSettings settings = Tiny.with(Tiny.rto(1, 1, RESPONSES, 5, 1e-3), advantage);
    try (ComputePool pool = new ComputePool("test", 2);
        PolicyLearner learner =
            new PolicyLearner(
                settings,
                settings.rule(Tiny::vocabulary),
                Tiny.adam(),
                Models.of(policy, Optional.empty()),
                reward,
                temp,
                pool,
                1)) {
      learner.restore(Optional.empty());
      return learner.learn(0, scored);
    }
  }
}
