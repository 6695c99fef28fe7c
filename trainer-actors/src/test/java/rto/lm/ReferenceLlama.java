package rto.lm;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The Llama forward pass written a second time, for the tests: plain loops in float64, no tensors,
 * no batch, no padding, no cache. Weights are the model's own, by name.
 */
final class ReferenceLlama {

  private final DecoderConfig c;
  private final Map<String, double[]> weights;
  private final Product product;

  private ReferenceLlama(DecoderConfig config, Map<String, double[]> weights, Product product) {
    this.c = config;
    this.weights = weights;
    this.product = product;
  }

  /** What a layer's matrix of this name makes of a vector at position t. */
  @FunctionalInterface
  interface Product {
    double[] of(String name, double[] matrix, double[] vector, int t);
  }

  static ReferenceLlama of(Decoder decoder) {
    Map<String, double[]> weights = new HashMap<>();
    decoder.weights().byName().forEach((name, a) -> weights.put(name, doubles(a.toFloatArray())));
    return of(decoder.config(), weights);
  }

  /** Of weights that are none of a decoder's. */
  static ReferenceLlama of(DecoderConfig config, Map<String, double[]> weights) {
    return new ReferenceLlama(config, weights, (name, matrix, x, t) -> times(matrix, x));
  }

  /** The same model with {@code delta} added to one number. */
  ReferenceLlama nudged(String name, int at, double delta) {
    Map<String, double[]> changed = new HashMap<>(weights);
    double[] values = changed.get(name).clone();
    values[at] += delta;
    changed.put(name, values);
    return new ReferenceLlama(c, changed, product);
  }

  /** The same model whose layers multiply otherwise. */
  ReferenceLlama with(Product other) {
    return new ReferenceLlama(c, weights, other);
  }

  /** [T][V] */
  double[][] logits(int[] tokens) {
    boolean tied = ((Head.Language) c.head()).tied();
    double[] head = weights.get(tied ? "model.embed_tokens.weight" : "lm_head.weight");
    return Arrays.stream(hidden(tokens)).map(h -> times(head, h)).toArray(double[][]::new);
  }

  /** log softmax(logits / temperature) of each response token, [H]. */
  double[] logProbs(Sequence s, double temperature) {
    int[] tokens = joined(s);
    double[][] logits = logits(tokens);
    double[] result = new double[s.response().length];
    for (int h = 0; h < result.length; h++) {
      int at = s.prompt().length + h;
      result[h] = logSoftmax(logits[at - 1], temperature)[tokens[at]];
    }
    return result;
  }

  /** The scalar head at every position, [T]. */
  double[] scalars(int[] tokens) {
    Head.Scalar head = (Head.Scalar) c.head();
    double[] w = weights.get("score.weight");
    return Arrays.stream(hidden(tokens))
        .mapToDouble(h -> (times(w, h)[0] - head.mean()) / head.std())
        .toArray();
  }

  static int[] joined(Sequence s) {
    int[] all = Arrays.copyOf(s.prompt(), s.length());
    System.arraycopy(s.response(), 0, all, s.prompt().length, s.response().length);
    return all;
  }

  static double[] logSoftmax(double[] logits, double temperature) {
    double[] z = Arrays.stream(logits).map(l -> l / temperature).toArray();
    double max = Arrays.stream(z).max().orElseThrow();
    double log = max + Math.log(Arrays.stream(z).map(x -> Math.exp(x - max)).sum());
    return Arrays.stream(z).map(x -> x - log).toArray();
  }

  /** [T][D], after the last norm. */
  private double[][] hidden(int[] tokens) {
    double[] embedding = weights.get("model.embed_tokens.weight");
    double[][] x = new double[tokens.length][];
    for (int t = 0; t < x.length; t++) {
      int from = tokens[t] * c.hiddenSize();
      x[t] = Arrays.copyOfRange(embedding, from, from + c.hiddenSize());
    }
    for (int i = 0; i < c.layers(); i++) {
      attend(x, "model.layers." + i + ".");
      feedForward(x, "model.layers." + i + ".");
    }
    return normed(x, "model.norm.weight");
  }

  private void attend(double[][] x, String layer) {
    double[][] n = normed(x, layer + "input_layernorm.weight");
    double[][] q = projected(n, layer + "self_attn.q_proj.weight", true);
    double[][] k = projected(n, layer + "self_attn.k_proj.weight", true);
    double[][] v = projected(n, layer + "self_attn.v_proj.weight", false);
    for (int t = 0; t < x.length; t++) {
      double[] mixed = new double[q[t].length];
      for (int head = 0; head < c.queryHeads(); head++) {
        attendHead(t, head, q, k, v, mixed);
      }
      add(x[t], times(layer + "self_attn.o_proj.weight", mixed, t));
    }
  }

  private void attendHead(
      int t, int head, double[][] q, double[][] k, double[][] v, double[] mixed) {
    int at = head * c.headSize();
    int kvAt = head / (c.queryHeads() / c.kvHeads()) * c.headSize();
    double[] s = new double[t + 1];
    for (int u = 0; u <= t; u++) {
      for (int e = 0; e < c.headSize(); e++) {
        s[u] += q[t][at + e] * k[u][kvAt + e];
      }
      s[u] /= Math.sqrt(c.headSize());
    }
    double[] log = logSoftmax(s, 1);
    for (int u = 0; u <= t; u++) {
      for (int e = 0; e < c.headSize(); e++) {
        mixed[at + e] += Math.exp(log[u]) * v[u][kvAt + e];
      }
    }
  }

  private void feedForward(double[][] x, String layer) {
    double[][] n = normed(x, layer + "post_attention_layernorm.weight");
    for (int t = 0; t < x.length; t++) {
      double[] gate = times(layer + "mlp.gate_proj.weight", n[t], t);
      double[] up = times(layer + "mlp.up_proj.weight", n[t], t);
      for (int f = 0; f < up.length; f++) {
        up[f] *= gate[f] / (1 + Math.exp(-gate[f]));
      }
      add(x[t], times(layer + "mlp.down_proj.weight", up, t));
    }
  }

  private double[][] projected(double[][] n, String name, boolean rotate) {
    double[][] result = new double[n.length][];
    for (int t = 0; t < n.length; t++) {
      result[t] = times(name, n[t], t);
      for (int at = 0; rotate && at < result[t].length; at += c.headSize()) {
        rotate(result[t], at, t);
      }
    }
    return result;
  }

  /** Turns the pair (e, e + E/2) of one head by t · θ^(−2e/E). */
  private void rotate(double[] x, int at, int t) {
    int half = c.headSize() / 2;
    for (int e = 0; e < half; e++) {
      double angle = t * Math.pow(c.rope().theta(), -2.0 * e / c.headSize());
      double a = x[at + e];
      double b = x[at + half + e];
      x[at + e] = a * Math.cos(angle) - b * Math.sin(angle);
      x[at + half + e] = b * Math.cos(angle) + a * Math.sin(angle);
    }
  }

  private double[][] normed(double[][] x, String name) {
    double[] w = weights.get(name);
    double[][] result = new double[x.length][c.hiddenSize()];
    for (int t = 0; t < x.length; t++) {
      double squares = Arrays.stream(x[t]).map(v -> v * v).sum();
      double scale = 1 / Math.sqrt(squares / c.hiddenSize() + c.normEps());
      for (int d = 0; d < w.length; d++) {
        result[t][d] = x[t][d] * scale * w[d];
      }
    }
    return result;
  }

  private double[] times(String name, double[] vector, int t) {
    return product.of(name, weights.get(name), vector, t);
  }

  /** A matrix [n, m], row by row, times a vector [m]. */
  static double[] times(double[] matrix, double[] vector) {
    double[] result = new double[matrix.length / vector.length];
    for (int row = 0; row < result.length; row++) {
      for (int i = 0; i < vector.length; i++) {
        result[row] += matrix[row * vector.length + i] * vector[i];
      }
    }
    return result;
  }

  private static void add(double[] x, double[] more) {
    for (int i = 0; i < x.length; i++) {
      x[i] += more[i];
    }
  }

  private static double[] doubles(float[] values) {
    double[] result = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[i];
    }
    return result;
  }
}
