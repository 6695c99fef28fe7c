package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import rto.lm.DecoderConfig;
import rto.lm.Rope;
import rto.lm.Traits;
import rto.lm.Weights;
import rto.protocol.Require;

/**
 * A Llama in plain float32, one array operation at a time, the way a Python program runs PyTorch:
 * the yardstick of {@code rto bench --eager} and, written apart from the engine's scripts, a second
 * opinion on its results.
 *
 * <p>Every matrix goes through {@code torch.linear}; RMSNorm and rotary embedding are spelled out
 * as Hugging Face's models do; attention is the fused operator. Shapes: B sequences, T positions, H
 * heads, E head size, D hidden size.
 */
final class EagerLlama {

  private static final String EMBEDDING = "model.embed_tokens.weight";
  private static final String UNTIED_HEAD = "lm_head.weight";

  private final DecoderConfig config;
  private final Weights weights;
  private final EagerOps ops;

  /**
   * @param weights stay the caller's
   * @param recording whether operations are recorded for weights that ask for a gradient
   * @throws IllegalArgumentException for a decoder that is more than a Llama with a tied head
   */
  EagerLlama(DecoderConfig config, Weights weights, boolean recording) {
    Require.that(
        config.traits().equals(Traits.LLAMA)
            && !config.tensors().containsKey(UNTIED_HEAD)
            && config.rope().equals(Rope.plain(config.rope().theta())),
        "decoder: %s (expected: a plain Llama with a tied head)",
        config);
    this.config = config;
    this.weights = weights;
    this.ops = new EagerOps(recording);
  }

  /** Keys and values so far, [B, G, columns, E] each; grows by concatenation. */
  static final class Cache {
    private final NDArray[] keys;
    private final NDArray[] values;

    Cache(DecoderConfig config) {
      keys = new NDArray[config.layers()];
      values = new NDArray[config.layers()];
    }

    private void add(int layer, NDArray k, NDArray v) {
      keys[layer] = grown(keys[layer], k);
      values[layer] = grown(values[layer], v);
    }

    private static NDArray grown(NDArray before, NDArray more) {
      return before == null ? more : before.concat(more, 2);
    }

    /** Lets another scope own what is kept. */
    void moveTo(NDManager scope) {
      for (int i = 0; i < keys.length; i++) {
        keys[i].attach(scope);
        values[i].attach(scope);
      }
    }
  }

  /** Right-padded tokens [B, T] to hidden states [B, T, D]. */
  NDArray hidden(NDArray tokens) {
    NDArray positions =
        tokens.getManager().arange(tokens.getShape().get(1)).toType(DataType.FLOAT64, false);
    return hidden(
        tokens, positions, (layer, q, k, v) -> ops.causalAttention(q, repeated(k), repeated(v)));
  }

  /**
   * More tokens [B, T] after those in the cache.
   *
   * @param positions of the tokens in their sequences, [B, 1, T], float64
   * @param seen which columns each of them sees, itself included
   */
  NDArray hidden(NDArray tokens, NDArray positions, NDArray seen, Cache cache) {
    return hidden(
        tokens,
        positions,
        (layer, q, k, v) -> {
          cache.add(layer, k, v);
          return ops.attention(q, repeated(cache.keys[layer]), repeated(cache.values[layer]), seen);
        });
  }

  /** The logits over the vocabulary. */
  NDArray logits(NDArray hidden) {
    return linear(hidden, EMBEDDING);
  }

  /** How a layer's queries look at keys and values. */
  @FunctionalInterface
  private interface Attention {
    NDArray of(int layer, NDArray q, NDArray k, NDArray v);
  }

  private NDArray hidden(NDArray tokens, NDArray positions, Attention attention) {
    NDArray x =
        Embedding.embedding(tokens, weights.get(EMBEDDING), SparseFormat.DENSE).singletonOrThrow();
    NDArray angles = angles(positions);
    NDArray cos = angles.cos().toType(DataType.FLOAT32, false);
    NDArray sin = angles.sin().toType(DataType.FLOAT32, false);
    for (int i = 0; i < config.layers(); i++) {
      String layer = "model.layers." + i + ".";
      NDArray n = normed(x, layer + "input_layernorm.weight");
      NDArray q = heads(linear(n, layer + "self_attn.q_proj.weight"), config.queryHeads());
      NDArray k = heads(linear(n, layer + "self_attn.k_proj.weight"), config.kvHeads());
      NDArray v = heads(linear(n, layer + "self_attn.v_proj.weight"), config.kvHeads());
      NDArray a = attention.of(i, rotated(q, cos, sin), rotated(k, cos, sin), v);
      Shape wide = new Shape(x.getShape().get(0), x.getShape().get(1), -1);
      x = x.add(linear(a.transpose(0, 2, 1, 3).reshape(wide), layer + "self_attn.o_proj.weight"));
      x = x.add(feedForward(normed(x, layer + "post_attention_layernorm.weight"), layer + "mlp."));
    }
    return normed(x, "model.norm.weight");
  }

  private NDArray feedForward(NDArray n, String mlp) {
    NDArray gate = ops.silu(linear(n, mlp + "gate_proj.weight"));
    return linear(gate.mul(linear(n, mlp + "up_proj.weight")), mlp + "down_proj.weight");
  }

  private NDArray linear(NDArray x, String weight) {
    return Linear.linear(x, weights.get(weight)).singletonOrThrow();
  }

  private NDArray normed(NDArray x, String weight) {
    NDArray meanSquare = x.pow(2).mean(new int[] {-1}, true);
    return x.div(meanSquare.add(config.normEps()).sqrt()).mul(weights.get(weight));
  }

  /** [B, T, n E] to [B, n, T, E]. */
  private NDArray heads(NDArray x, int n) {
    Shape s = x.getShape();
    return x.reshape(s.get(0), s.get(1), n, config.headSize()).transpose(0, 2, 1, 3);
  }

  /** Key-value heads for every query head. */
  private NDArray repeated(NDArray x) {
    int each = config.queryHeads() / config.kvHeads();
    return each == 1 ? x : x.repeat(1, each);
  }

  /** Positions [.., T] to angles [.., T, E]. */
  private NDArray angles(NDArray positions) {
    NDManager scope = positions.getManager();
    int size = config.headSize();
    double[] inverse = new double[size / 2];
    for (int e = 0; e < inverse.length; e++) {
      inverse[e] = Math.pow(config.rope().theta(), -2.0 * e / size);
    }
    NDArray half = positions.expandDims(-1).mul(scope.create(inverse));
    return NDArrays.concat(new NDList(half, half), -1);
  }

  private NDArray rotated(NDArray x, NDArray cos, NDArray sin) {
    int half = config.headSize() / 2;
    NDArray turned =
        NDArrays.concat(new NDList(x.get("..., " + half + ":").neg(), x.get("..., :" + half)), -1);
    return x.mul(cos).add(turned.mul(sin));
  }
}
