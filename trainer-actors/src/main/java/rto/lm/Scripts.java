package rto.lm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import rto.lm.lora.LoraConfig;
import rto.protocol.Require;
import rto.tensor.Script;

/**
 * The scripts of this room, compiled once for each configuration: a process that loads one policy
 * after the other must not compile, and keep, one more script for each.
 */
final class Scripts {

  private static final Map<Key, Script> COMPILED = new ConcurrentHashMap<>();

  private record Key(String source, Map<String, Object> attributes) {}

  private Scripts() {}

  /** Forward pass and generation. */
  static Script forward(DecoderConfig config, Optional<LoraConfig> lora) {
    return compiled(resource("decoder.py"), config, lora);
  }

  /** Forward pass and the gradient of an objective's method {@code objective(output, columns)}. */
  static Script training(DecoderConfig config, Optional<LoraConfig> lora, String objective) {
    // A method that stood deeper than those before it would be taken for part of the last one.
    String aligned = objective.stripTrailing().stripIndent().indent(2);
    return compiled(
        String.join(
            "\n",
            resource("decoder.py"),
            resource("comparison.py"),
            resource("training.py"),
            aligned),
        config,
        lora);
  }

  private static Script compiled(String source, DecoderConfig config, Optional<LoraConfig> lora) {
    Map<String, Object> attributes = new HashMap<>(config.attributes());
    attributes.putAll(
        lora.map(some -> Adapter.attributes(config, some)).orElseGet(Adapter::attributesOfNone));
    return COMPILED.computeIfAbsent(
        new Key(source, attributes), key -> Script.compile(key.source(), key.attributes()));
  }

  private static String resource(String name) {
    try (InputStream in = Scripts.class.getResourceAsStream("/rto/lm/" + name)) {
      Require.that(in != null, "script: %s (expected: a resource of this jar)", name);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("script " + name + " could not be read", e);
    }
  }
}
