package rto.lm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import rto.protocol.Require;
import rto.tensor.Script;

/**
 * The scripts of this room, compiled once for each configuration: a process that loads one policy
 * after the other must not compile, and keep, one more script for each.
 */
final class Scripts {

  private static final Map<Key, Script> COMPILED = new ConcurrentHashMap<>();

  /** From here on one sum over the vocabulary costs more than two over blocks of it. */
  private static final int MANY_TOKENS = 4096;

  private record Key(String source, Map<String, Object> attributes) {}

  private Scripts() {}

  /** Forward pass. */
  static Script forward(DecoderConfig config) {
    return compiled(resource("decoder.py"), config);
  }

  /** Generation in batches that shrink. */
  static Script batches(DecoderConfig config) {
    return compiled(generation(config, "batches.py"), config);
  }

  /** Generation in slots that are filled again. */
  static Script slots(DecoderConfig config) {
    return compiled(generation(config, "products_onednn.py", "slots.py"), config);
  }

  private static String generation(DecoderConfig config, String... own) {
    List<String> sources = new ArrayList<>(List.of(resource("decoder.py")));
    Stream.of(own).map(Scripts::resource).forEach(sources::add);
    boolean many = config.vocabSize() >= MANY_TOKENS;
    sources.add(resource(many ? "choosing_blocks.py" : "choosing.py"));
    return String.join("\n", sources);
  }

  /** Forward pass and the gradient of an objective's method {@code objective(output, columns)}. */
  static Script training(DecoderConfig config, String objective) {
    // A method that stood deeper than those before it would be taken for part of the last one.
    String aligned = objective.stripTrailing().stripIndent().indent(2);
    return compiled(
        String.join(
            "\n",
            resource("decoder.py"),
            resource("comparison.py"),
            resource("training.py"),
            aligned),
        config);
  }

  private static Script compiled(String source, DecoderConfig config) {
    return COMPILED.computeIfAbsent(
        new Key(source, config.attributes()),
        key -> Script.compile(key.source(), key.attributes()));
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
