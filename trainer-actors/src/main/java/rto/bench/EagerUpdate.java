package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import rto.algorithm.PpoLoss;
import rto.lm.Decoder;
import rto.lm.Differentiator;
import rto.lm.Sequence;
import rto.lm.TextGenerator.Response;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.tensor.ComputePool;
import rto.tensor.Torch;
import rto.train.AdvantageVariant;
import rto.train.PolicyLearner;
import rto.train.RtoSettings;

/**
 * The same policy updates by the engine's learner and by single operations: one iteration's
 * trajectories, minibatches and micro-batches of the same sizes, without a critic.
 */
final class EagerUpdate implements AutoCloseable {

  private static final PpoLoss LOSS = new PpoLoss(0.2);

  private final Decoder policy;
  private final RtoSettings settings;
  private final List<int[]> prompts;
  private final List<Response> responses;
  private final TemporaryFolder folder = TemporaryFolder.create();
  private final ComputePool pool = new ComputePool("bench-update", 1);
  private final PolicyLearner ours;
  private final EagerLearner eager;

  EagerUpdate(BenchShape shape, Decoder policy, List<int[]> prompts, List<Response> responses)
      throws IOException {
    this.policy = policy;
    this.settings =
        Learners.settings(
            shape, responses.size() / BenchShape.SAMPLES_PER_PROMPT, AdvantageVariant.RETURN_TO_GO);
    this.prompts = prompts;
    this.responses = responses;
    this.ours = Learners.learner(settings, policy, policy, folder, pool);
    this.eager = new EagerLearner(shape.config(), policy.weights().copy(), Learners.RATE);
  }

  /** Tokens of the trajectories, prompts included. */
  long tokens() {
    return IntStream.range(0, responses.size()).mapToLong(i -> sequence(i).length()).sum();
  }

  void learnOurs() {
    ours.learn(
        ours.learned(), IntStream.range(0, responses.size()).mapToObj(this::scored).toList());
  }

  void learnEager() {
    for (int from = 0; from < responses.size(); from += settings.minibatch()) {
      eager.update(micros(from, Math.min(responses.size(), from + settings.minibatch())));
    }
  }

  /** The largest difference of log-probs of all response tokens under the first weights. */
  double logProbDifference() {
    List<Sequence> all = IntStream.range(0, responses.size()).mapToObj(this::sequence).toList();
    float[] a = joined(policy.logProbs(all, 1, settings.microBatch()));
    try (NDManager scope = Torch.newScope()) {
      EagerLlama model = new EagerLlama(policy.config(), policy.weights(), false);
      List<float[]> parts = new ArrayList<>();
      for (int from = 0; from < all.size(); from += settings.microBatch()) {
        int to = Math.min(all.size(), from + settings.microBatch());
        try (NDManager local = scope.newSubManager()) {
          parts.add(EagerBatch.of(all.subList(from, to), local).logProbs(model).toFloatArray());
        }
      }
      return difference(a, joined(parts));
    }
  }

  /**
   * The largest difference of two gradients of a micro-batch, as a part of the largest gradient;
   * before any update.
   */
  double gradientDifference() {
    EagerLearner.Micro micro = micros(0, settings.minibatch()).get(0);
    float[] a = oursOf(micro);
    float[] b = joined(eager.gradients(List.of(micro)));
    return difference(a, b) / difference(a, new float[a.length]);
  }

  private float[] oursOf(EagerLearner.Micro micro) {
    Differentiator differentiator =
        new Differentiator(
            policy.config(), policy.passes(), Differentiator.Read.EVERY_TOKEN, LOSS.script());
    try (NDManager scope = Torch.newScope()) {
      NDList columns =
          new NDList(
              scope.create(micro.old()),
              scope.create(micro.advantages()),
              scope.create(micro.weights()));
      NDList results = differentiator.gradients(scope, policy, micro.sequences(), 1, columns);
      return joined(
          results.subList(1 + LOSS.metrics().size(), results.size()).stream()
              .map(NDArray::toFloatArray)
              .toList());
    }
  }

  /** Those of a minibatch, sorted by length as ours are. */
  private List<EagerLearner.Micro> micros(int from, int to) {
    List<Integer> places =
        IntStream.range(from, to)
            .boxed()
            .sorted(Comparator.comparingInt(i -> sequence(i).length()))
            .toList();
    List<EagerLearner.Micro> micros = new ArrayList<>();
    for (int i = 0; i < places.size(); i += settings.microBatch()) {
      micros.add(micro(places.subList(i, Math.min(places.size(), i + settings.microBatch()))));
    }
    return micros;
  }

  /** With advantages that differ from token to token, and equal weights. */
  private EagerLearner.Micro micro(List<Integer> places) {
    float[] old = joined(places.stream().map(i -> responses.get(i).logProbs()).toList());
    float[] advantages = new float[old.length];
    float[] weights = new float[old.length];
    for (int n = 0; n < old.length; n++) {
      advantages[n] = (float) Math.sin(n);
    }
    Arrays.fill(weights, 1f / old.length);
    return new EagerLearner.Micro(
        places.stream().map(this::sequence).toList(), old, advantages, weights);
  }

  private Sequence sequence(int i) {
    return new Sequence(prompts.get(i), responses.get(i).tokens());
  }

  private ScoredTrajectory scored(int i) {
    Response response = responses.get(i);
    float[] logProbs = response.logProbs();
    return ScoredTrajectory.unscored(
            new Trajectory(
                new Prompt(i, prompts.get(i)),
                0,
                response.tokens(),
                logProbs,
                response.truncated(),
                ours.learned()))
        .withReference(logProbs)
        .withDpo(logProbs)
        .withReward((float) Math.sin(i));
  }

  private static double difference(float[] a, float[] b) {
    return IntStream.range(0, a.length)
        .mapToDouble(i -> Math.abs((double) a[i] - b[i]))
        .max()
        .orElseThrow();
  }

  private static float[] joined(List<float[]> parts) {
    float[] all = new float[parts.stream().mapToInt(part -> part.length).sum()];
    int at = 0;
    for (float[] part : parts) {
      System.arraycopy(part, 0, all, at, part.length);
      at += part.length;
    }
    return all;
  }

  @Override
  public void close() {
    ours.close();
    eager.close();
    pool.close();
    folder.close();
  }
}
