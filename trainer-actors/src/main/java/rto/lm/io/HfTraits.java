package rto.lm.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import rto.lm.AttentionBias;
import rto.lm.Family;
import rto.lm.Traits;

/**
 * Family and {@link Traits} in config.json. What a family's file leaves out has the default of
 * transformers' configuration class of that family.
 */
final class HfTraits {

  private static final List<Family> FAMILIES = List.of(Family.values());
  private static final int DEFAULT_WINDOW = 4_096;
  private static final int DEFAULT_FULL_LAYERS = 28;
  private static final String WINDOW = "sliding_window";
  private static final String FULL = "full_attention";
  private static final String SLIDING = "sliding_attention";

  private HfTraits() {}

  /** From model_type and architectures, which must agree; a file with neither is a Llama's. */
  static Family family(JsonFields config) throws MalformedFile {
    JsonNode named = config.get("architectures").path(0);
    String architecture = named.asText();
    Optional<Family> byArchitecture = first(f -> architectures(f).contains(architecture));
    config.refuseUnless(
        named.isMissingNode() || byArchitecture.isPresent(),
        "architectures",
        architecture,
        "one of " + FAMILIES.stream().flatMap(f -> architectures(f).stream()).toList());
    String type = config.text("model_type", byArchitecture.orElse(Family.LLAMA).modelType());
    Optional<Family> byType = first(f -> f.modelType().equals(type));
    config.refuseUnless(
        byType.isPresent(),
        "model_type",
        type,
        "one of " + FAMILIES.stream().map(Family::modelType).toList());
    Family family = byType.orElseThrow();
    config.refuseUnless(
        named.isMissingNode() || architectures(family).contains(architecture),
        "model_type",
        type,
        "that of " + architecture);
    return family;
  }

  private static Optional<Family> first(Predicate<Family> condition) {
    return FAMILIES.stream().filter(condition).findFirst();
  }

  private static List<String> architectures(Family family) {
    return List.of(family.languageArchitecture(), family.scalarArchitecture());
  }

  /** Key-value heads if the file does not name them; null means as many as query heads. */
  static int defaultKvHeads(JsonFields config, Family family, int queryHeads) {
    if (config.json().has("num_key_value_heads")) {
      return queryHeads;
    }
    return switch (family) {
      case LLAMA -> queryHeads;
      case MISTRAL -> 8;
      case QWEN2, QWEN3 -> 32;
    };
  }

  static int defaultHeadSize(JsonFields config, Family family, int hiddenSize, int queryHeads) {
    boolean named = config.json().has("head_dim");
    return family == Family.QWEN3 && !named ? 128 : hiddenSize / queryHeads;
  }

  /** A begin or end token if the file says nothing of it. */
  static OptionalInt defaultToken(Family family, int token) {
    return family == Family.LLAMA || family == Family.MISTRAL
        ? OptionalInt.of(token)
        : OptionalInt.empty();
  }

  static Traits read(JsonFields config, Family family, int layers, int maxPositions)
      throws MalformedFile {
    return new Traits(
        family,
        attentionBias(config, family),
        biased(config, "mlp_bias", family, family.mayHaveMlpBias()),
        family.queryKeyNorms(),
        window(config, family, layers, maxPositions));
  }

  private static AttentionBias attentionBias(JsonFields config, Family family)
      throws MalformedFile {
    if (family == Family.QWEN2) {
      return AttentionBias.QUERY_KEY_VALUE; // whatever attention_bias says: nobody reads it
    }
    boolean all = family.attentionBiases().contains(AttentionBias.ALL);
    return biased(config, "attention_bias", family, all) ? AttentionBias.ALL : AttentionBias.NONE;
  }

  private static boolean biased(JsonFields config, String key, Family family, boolean allowed)
      throws MalformedFile {
    boolean biased = config.flag(key, false);
    config.refuseUnless(!biased || allowed, key, true, "false, for " + family.modelType());
    return biased;
  }

  private static OptionalInt window(JsonFields config, Family family, int layers, int maxPositions)
      throws MalformedFile {
    OptionalInt named =
        switch (family) {
          case LLAMA -> unread(config, maxPositions);
          case MISTRAL -> size(config);
          case QWEN2, QWEN3 -> qwenWindow(config, layers);
        };
    String expected = named.isPresent() ? SLIDING : FULL;
    for (JsonNode kind : config.get("layer_types")) {
      config.refuseUnless(
          kind.asText().equals(expected), "layer_types", kind, expected + " in every layer");
    }
    return named;
  }

  /** A Llama's window is read by some programs and not by others. */
  private static OptionalInt unread(JsonFields config, int maxPositions) throws MalformedFile {
    int window = config.integer(WINDOW, maxPositions);
    config.refuseUnless(
        window >= maxPositions, WINDOW, window, "absent, or max_position_embeddings or more");
    return OptionalInt.empty();
  }

  private static OptionalInt size(JsonFields config) throws MalformedFile {
    boolean off = config.json().has(WINDOW) && !config.has(WINDOW);
    return off ? OptionalInt.empty() : OptionalInt.of(config.integer(WINDOW, DEFAULT_WINDOW));
  }

  /** In every layer or in none: layer_types says which, or else max_window_layers. */
  private static OptionalInt qwenWindow(JsonFields config, int layers) throws MalformedFile {
    OptionalInt size =
        config.flag("use_sliding_window", false) ? size(config) : OptionalInt.empty();
    if (size.isEmpty()) {
      return size;
    }
    if (config.has("layer_types")) {
      return config.get("layer_types").path(0).asText().equals(SLIDING)
          ? size
          : OptionalInt.empty();
    }
    int full = config.integer("max_window_layers", DEFAULT_FULL_LAYERS);
    config.refuseUnless(
        full <= 0 || full >= layers,
        "max_window_layers",
        full,
        "0, a window in all layers, or at least num_hidden_layers, " + layers + ", in none");
    return full <= 0 ? size : OptionalInt.empty();
  }

  static void write(Traits traits, int layers, ObjectNode config) {
    switch (traits.family()) {
      case LLAMA -> {
        config.put("attention_bias", traits.attentionBias() == AttentionBias.ALL);
        config.put("mlp_bias", traits.mlpBias());
      }
      case MISTRAL -> putWindow(traits.window(), config);
      case QWEN2 -> putQwenWindow(traits.window(), layers, config);
      case QWEN3 -> {
        config.put("attention_bias", traits.attentionBias() == AttentionBias.ALL);
        putQwenWindow(traits.window(), layers, config);
      }
    }
  }

  private static void putWindow(OptionalInt window, ObjectNode config) {
    config.set(
        WINDOW, window.isPresent() ? config.numberNode(window.getAsInt()) : config.nullNode());
  }

  private static void putQwenWindow(OptionalInt window, int layers, ObjectNode config) {
    config.put("use_sliding_window", window.isPresent());
    putWindow(window, config);
    config.put("max_window_layers", window.isPresent() ? 0 : layers);
  }
}
