package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import java.util.List;
import rto.lm.DecoderConfig;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.tensor.Torch;

/**
 * PPO's clipped policy loss by autograd over single operations, and AdamW one tensor after the
 * other, as torch.optim runs it on a CPU. Owns its weights. At most one in a process may be
 * differentiating: DJL has one gradient collector.
 */
final class EagerLearner implements AutoCloseable {

  private static final double BETA1 = 0.9;
  private static final double BETA2 = 0.95;
  private static final double EPSILON = 1e-8;
  private static final double MOST_NORM = 1;
  private static final double CLIP = 0.2;

  private final Weights weights;
  private final Weights first;
  private final Weights second;
  private final EagerLlama model;
  private final double rate;
  private int steps;

  /** Takes over the weights. */
  EagerLearner(DecoderConfig config, Weights weights, double rate) {
    this.weights = weights;
    this.first = weights.zeros();
    this.second = weights.zeros();
    this.rate = rate;
    weights.tensors().forEach(tensor -> tensor.setRequiresGradient(true));
    this.model = new EagerLlama(config, weights, true);
  }

  /**
   * What is learned from, for all response tokens in order.
   *
   * @param old log π_old
   * @param advantages and {@code weights} of the loss
   */
  record Micro(List<Sequence> sequences, float[] old, float[] advantages, float[] weights) {}

  /** One optimizer step on the sum of the micro-batches. */
  void update(List<Micro> micros) {
    differentiate(micros);
    step();
  }

  /** The gradient of each weight, in their order, as rows of numbers. */
  List<float[]> gradients(List<Micro> micros) {
    differentiate(micros);
    return weights.tensors().stream().map(tensor -> values(tensor.getGradient())).toList();
  }

  private static float[] values(NDArray gradient) {
    try (gradient) {
      return gradient.toFloatArray();
    }
  }

  private void differentiate(List<Micro> micros) {
    try (NDManager scope = Torch.newScope();
        GradientCollector collector = scope.getEngine().newGradientCollector()) {
      collector.zeroGradients();
      for (Micro micro : micros) {
        try (NDManager local = scope.newSubManager()) {
          collector.backward(loss(micro, local));
        }
      }
    }
  }

  private NDArray loss(Micro micro, NDManager scope) {
    NDArray logProbs = EagerBatch.of(micro.sequences(), scope).logProbs(model);
    NDArray ratio = logProbs.sub(scope.create(micro.old())).exp();
    NDArray advantages = scope.create(micro.advantages());
    NDArray free = ratio.mul(advantages);
    NDArray clipped = ratio.clip(1 - CLIP, 1 + CLIP).mul(advantages);
    return free.minimum(clipped).mul(scope.create(micro.weights())).sum().neg();
  }

  private void step() {
    steps++;
    try (NDManager scope = Torch.newScope()) {
      double scale = Math.min(1, MOST_NORM / norm(scope));
      for (int i = 0; i < weights.tensors().size(); i++) {
        try (NDManager local = scope.newSubManager()) {
          step(i, scale, local);
        }
      }
    }
  }

  private double norm(NDManager scope) {
    double squared = 0;
    for (NDArray tensor : weights.tensors()) {
      NDArray g = gradient(tensor, scope);
      squared += g.mul(g).sum().getFloat();
    }
    return Math.sqrt(squared);
  }

  private void step(int i, double scale, NDManager local) {
    NDArray g = gradient(weights.tensors().get(i), local);
    g.muli(scale);
    NDArray m = borrowed(first.tensors().get(i), local);
    NDArray v = borrowed(second.tensors().get(i), local);
    m.muli(BETA1).addi(g.mul(1 - BETA1));
    v.muli(BETA2).addi(g.mul(g).muli(1 - BETA2));
    NDArray d = v.sqrt().divi(Math.sqrt(1 - Math.pow(BETA2, steps))).addi(EPSILON);
    borrowed(weights.tensors().get(i), local)
        .subi(m.div(d).muli(rate / (1 - Math.pow(BETA1, steps))));
  }

  private static NDArray gradient(NDArray tensor, NDManager scope) {
    NDArray gradient = tensor.getGradient();
    gradient.attach(scope);
    return gradient;
  }

  /** The same numbers, changed without being recorded; results belong to the scope. */
  private static NDArray borrowed(NDArray tensor, NDManager scope) {
    NDArray handle = tensor.stopGradient();
    handle.attach(scope);
    return handle;
  }

  @Override
  public void close() {
    weights.close();
    first.close();
    second.close();
  }
}
