package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rto.lm.lora.LoraConfig;
import rto.protocol.Require;

/**
 * What a decoder has of its own where others share its base: a scalar head, if it has one, and then
 * the low-rank pairs.
 *
 * @param lora how the pairs are made and scaled
 * @param weights named and ordered as {@link #tensors} says
 */
public record Adapter(LoraConfig lora, Weights weights) {

  private static final String HEAD = "score.weight";

  /** The matrices of a layer that can have a pair, at their places among the layer's tensors. */
  private static final int LAYER_MATRICES = 9;

  /** One that has learned nothing: the pairs add 0, a scalar head says 0. */
  public static Adapter fresh(DecoderConfig config, LoraConfig lora, long seed) {
    return new Adapter(
        lora,
        Weights.from(
            tensors(config, lora),
            (name, shape, scope) ->
                scope.create(LoraConfig.firstValues(name, shape, seed), new Shape(shape))));
  }

  /** Names and shapes of an adapter's tensors, in the order in which the scripts take them. */
  public static Map<String, long[]> tensors(DecoderConfig config, LoraConfig lora) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Map<String, long[]> model = config.tensors();
    if (model.containsKey(HEAD)) {
      shapes.put(HEAD, model.get(HEAD));
    }
    shapes.putAll(lora.pairs(model));
    return shapes;
  }

  /** The names of the tensors that a decoder of this configuration shares, in order. */
  static List<String> shared(DecoderConfig config) {
    List<String> names = new ArrayList<>(config.tensors().keySet());
    names.remove(HEAD);
    return names;
  }

  /** The constants that the scripts read of a decoder without an adapter. */
  static Map<String, Object> attributesOfNone() {
    return attributes(0, 0, 0, 0, List.of());
  }

  /** The constants that the scripts read. */
  static Map<String, Object> attributes(DecoderConfig config, LoraConfig lora) {
    int frozen = shared(config).size();
    int first = config.head() instanceof Head.Scalar ? frozen + 1 : frozen;
    int inLayer = 2 * lora.targetModules().size();
    List<String> layer = new ArrayList<>(config.layer().keySet());
    List<Long> pairs = new ArrayList<>();
    long next = 0;
    for (String name : layer.subList(0, LAYER_MATRICES)) {
      pairs.add(lora.adapts(name) ? next : -1);
      next += lora.adapts(name) ? 2 : 0;
    }
    return attributes(frozen, first, inLayer, lora.scale(), pairs);
  }

  /** Those constants where the pairs learn: with their dropout, of which no other pass knows. */
  static Map<String, Object> learning(LoraConfig lora) {
    return Map.of("lora_dropped", lora.dropped());
  }

  private static Map<String, Object> attributes(
      long frozen, long first, long inLayer, double scale, List<Long> pairs) {
    Map<String, Object> constants = new HashMap<>();
    constants.put("frozen", frozen);
    constants.put("lora_first", first);
    constants.put("lora_tensors", inLayer);
    constants.put("lora_scale", scale);
    constants.put("lora_pairs", pairs);
    constants.put("lora_dropped", 0L);
    return constants;
  }

  /** W ← W + (α/r) B A for each matrix that has a pair, in place. */
  public void addTo(Weights base) {
    for (String name : base.requireFloat32().names()) {
      if (lora.adapts(name)) {
        NDArray matrix = base.get(name);
        try (NDManager scope = matrix.getManager().newSubManager()) {
          NDArray a = weights.get(LoraConfig.nameOfA(name)).duplicate();
          NDArray b = weights.get(LoraConfig.nameOfB(name)).duplicate();
          a.attach(scope);
          b.attach(scope);
          NDArray product = b.matMul(a).muli(lora.scale());
          matrix.addi(product);
        }
      }
    }
  }

  /** All weights of a model whose base has the product added already; the base is shared. */
  Weights mergedInto(Weights base) {
    return weights.names().contains(HEAD)
        ? base.and(HEAD, weights.get(HEAD))
        : base.shared(base.names());
  }

  /** Refuses tensors that are not those of an adapter of this configuration. */
  void requireFits(DecoderConfig config) {
    List<String> expected = List.copyOf(tensors(config, lora).keySet());
    Require.that(
        weights.names().equals(expected), "adapter: %s (expected: %s)", weights.names(), expected);
  }
}
