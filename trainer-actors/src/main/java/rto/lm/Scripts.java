package rto.lm;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import rto.protocol.Require;
import rto.tensor.Script;

/** The scripts of this room, compiled for one configuration. */
final class Scripts {

  private Scripts() {}

  /** Forward pass and generation. */
  static Script forward(DecoderConfig config) {
    return Script.compile(resource("decoder.py"), config.attributes());
  }

  /** Forward pass and the gradient of an objective's method {@code objective(output, columns)}. */
  static Script training(DecoderConfig config, String objective) {
    return Script.compile(
        resource("decoder.py") + "\n" + resource("training.py") + "\n" + objective,
        config.attributes());
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
