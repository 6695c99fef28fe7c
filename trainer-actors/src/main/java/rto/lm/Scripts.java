package rto.lm;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import rto.lm.lora.LoraConfig;
import rto.tensor.ComputeDevice;
import rto.tensor.Script;

/**
 * The scripts of this room, compiled once for each configuration: a process that loads one policy
 * after the other must not compile, and keep, one more script for each.
 */
final class Scripts {

  private static final Map<Key, Script> COMPILED = new ConcurrentHashMap<>();

  /** Rows whose logits over the whole vocabulary exist at once. */
  private static final long HEAD_CHUNK = 128;

  /** From here on one sum over the vocabulary costs more than two over blocks of it. */
  private static final int MANY_TOKENS = 4096;

  private static final String DECODER = joined("decoder.py", "dropout.py");

  private record Key(String source, Map<String, Object> attributes) {}

  private Scripts() {}

  /** Forward pass. */
  static Script forward(DecoderConfig config, Optional<LoraConfig> lora) {
    return compiled(DECODER, attributes(config, lora));
  }

  /** Generation in batches that shrink. */
  static Script batches(DecoderConfig config, Optional<LoraConfig> lora) {
    return compiled(generation(config, "batches.py"), attributes(config, lora));
  }

  /** Generation in slots that are filled again; reads no adapter. */
  static Script slots(DecoderConfig config) {
    return slots(config, ComputeDevice.current().isCpu());
  }

  /**
   * The same.
   *
   * @param bags whether keys and values are read as bags of an embedding, or by batches of products
   */
  static Script slots(DecoderConfig config, boolean bags) {
    String reading = bags ? "slots_bags.py" : "slots_products.py";
    String source = generation(config, "products.py", "slots.py", reading);
    return compiled(source, attributes(config, Optional.empty()));
  }

  private static String generation(DecoderConfig config, String... own) {
    boolean many = config.vocabSize() >= MANY_TOKENS;
    return DECODER + joined(own) + joined(many ? "choosing_blocks.py" : "choosing.py");
  }

  /** Forward pass and the gradient of an objective's method {@code objective(output, columns)}. */
  static Script training(DecoderConfig config, Optional<LoraConfig> lora, String objective) {
    Map<String, Object> attributes = attributes(config, lora);
    lora.map(Adapter::learning).ifPresent(attributes::putAll);
    String source = DECODER + joined("comparison.py", "training.py");
    return compiled(source + aligned(objective), attributes);
  }

  /** Forward pass on rows without padding, the head in chunks; what it says is not kept. */
  static Script rows(DecoderConfig config, Optional<LoraConfig> lora) {
    return compiled(DECODER + joined("rows.py", "head.py"), rowAttributes(config, lora));
  }

  /**
   * The same and its reverse, layer by layer, of an objective as above.
   *
   * @param tokenByToken as {@link Differentiator.Read#TOKEN_BY_TOKEN} says
   */
  static Script reverse(
      DecoderConfig config,
      Optional<LoraConfig> lora,
      ComputeType type,
      Keeping keeping,
      boolean tokenByToken,
      String objective) {
    Map<String, Object> attributes = rowAttributes(config, lora);
    lora.map(Adapter::learning).ifPresent(attributes::putAll);
    attributes.put("checkpoints", keeping == Keeping.LAYER_INPUTS);
    // What gradients are scaled by is known when all of the objective's are.
    attributes.put("scaled", type == ComputeType.FLOAT16);
    attributes.put("token_by_token", tokenByToken && type != ComputeType.FLOAT16);
    String source =
        DECODER
            + joined(
                "training.py",
                "comparison.py",
                "rows.py",
                "head.py",
                "head_reverse.py",
                "reverse.py");
    return compiled(source + aligned(objective), attributes);
  }

  private static Map<String, Object> attributes(DecoderConfig config, Optional<LoraConfig> lora) {
    Map<String, Object> attributes = new HashMap<>(config.attributes());
    attributes.putAll(
        lora.map(some -> Adapter.attributes(config, some)).orElseGet(Adapter::attributesOfNone));
    return attributes;
  }

  private static Map<String, Object> rowAttributes(
      DecoderConfig config, Optional<LoraConfig> lora) {
    Map<String, Object> attributes = attributes(config, lora);
    attributes.put("head_chunk", HEAD_CHUNK);
    return attributes;
  }

  /** A method that stood deeper than those before it would be taken for part of the last one. */
  private static String aligned(String objective) {
    return objective.stripTrailing().stripIndent().indent(2);
  }

  private static String joined(String... names) {
    return Arrays.stream(names)
        .map(name -> Script.source("/rto/lm/" + name) + "\n")
        .collect(Collectors.joining());
  }

  private static Script compiled(String source, Map<String, Object> attributes) {
    return COMPILED.computeIfAbsent(
        new Key(source, attributes), key -> Script.compile(key.source(), key.attributes()));
  }
}
