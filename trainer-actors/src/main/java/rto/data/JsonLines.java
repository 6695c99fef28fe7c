package rto.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import rto.checkpoint.WholeFile;
import rto.protocol.Require;

/**
 * JSON Lines files: one JSON object per line, UTF-8, plain or gzip. Reading refuses the whole file
 * at its first bad line, an empty line included; keys that nobody asks for are left alone. Writing
 * is all or nothing.
 */
public final class JsonLines {

  private static final JsonFactory FACTORY =
      new JsonFactoryBuilder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final ObjectMapper JSON =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private static final String MESSAGES = "a string, or a list of messages {role, content}";
  private static final int BUFFER = 1 << 16;

  private JsonLines() {}

  /**
   * Reads every line of {@code file} as a {@code T}.
   *
   * @param shape what a line looks like, for messages: {@code {prompt}}
   * @throws BadDataException naming file, line and reason; also for a missing or an empty file
   */
  static <T> List<T> read(Path file, String shape, Function<Line, T> parse) {
    List<T> items = new ArrayList<>();
    String expected = "a JSON Lines file of " + shape;
    try (LineReader lines = new LineReader(file, expected)) {
      for (Optional<String> text = lines.next(); text.isPresent(); text = lines.next()) {
        items.add(parse.apply(object(file, lines.line(), text.get())));
      }
    }
    if (items.isEmpty()) {
      throw BadDataException.inFile(file, "empty (expected: " + expected + ")", null);
    }
    return List.copyOf(items);
  }

  /**
   * Writes one line per item, a record's components or a map's entries in their order. The file
   * appears whole or not at all (written beside, flushed to disk, renamed) and replaces an older
   * one; a name that ends in {@code .gz} is compressed.
   */
  public static void write(Path file, Iterable<?> items) {
    boolean gzip = file.toString().endsWith(".gz");
    try {
      WholeFile.write(file, out -> writeTo(out, gzip, items));
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static void writeTo(OutputStream out, boolean gzip, Iterable<?> items)
      throws IOException {
    if (gzip) {
      GZIPOutputStream packed = new GZIPOutputStream(out, BUFFER);
      writeTo(packed, false, items);
      packed.finish();
      return;
    }
    for (Object item : items) {
      JsonNode node = JSON.valueToTree(item);
      Require.that(node.isObject(), "line: %s (expected: a record or a map)", node);
      out.write(JSON.writeValueAsString(node).getBytes(StandardCharsets.UTF_8));
      out.write('\n');
    }
  }

  private static Line object(Path file, int line, String text) {
    if (text.isBlank()) {
      throw BadDataException.inLine(file, line, "empty line (expected: a JSON object)", null);
    }
    try {
      JsonNode node = JSON.readTree(text);
      if (!node.isObject()) {
        String reason = kind(node) + " (expected: a JSON object)";
        throw BadDataException.inLine(file, line, reason, null);
      }
      return new Line(file, line, node);
    } catch (JsonProcessingException e) {
      String place = e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
      String reason = "not JSON%s: %s (expected: a JSON object)";
      throw BadDataException.inLine(file, line, reason.formatted(place, e.getOriginalMessage()), e);
    }
  }

  private static String kind(JsonNode node) {
    return switch (node.getNodeType()) {
      case ARRAY -> "an array";
      case OBJECT -> "an object";
      case NULL -> "null";
      default -> node.toString();
    };
  }

  /** One line: the object, and where it stands. */
  record Line(Path file, int number, JsonNode object) {

    boolean has(String key) {
      return object.has(key);
    }

    /** Whether {@code key} is there and true. */
    boolean flag(String key) {
      JsonNode value = object.path(key);
      if (!value.isMissingNode() && !value.isBoolean()) {
        throw BadDataException.inLine(
            file, number, key + ": " + value + " (expected: true or false)", null);
      }
      return value.asBoolean(false);
    }

    /** The text under {@code key}, which must be there and must not be blank. */
    String text(String key) {
      JsonNode value = object.get(key);
      if (value == null) {
        throw bad(key, "missing", "a string");
      }
      if (!value.isTextual()) {
        throw bad(key, kind(value), "a string");
      }
      if (value.textValue().isBlank()) {
        throw bad(key, "\"" + value.textValue() + "\"", "a string that is not empty");
      }
      return value.textValue();
    }

    /** A prompt: a text, or a list of messages, which becomes the text of its JSON. */
    String prompt(String key) {
      JsonNode value = object.path(key);
      if (!value.isArray()) {
        return text(key);
      }
      for (JsonNode message : value) {
        if (!message.path("role").isTextual() || !message.path("content").isTextual()) {
          throw bad(key, message.toString(), MESSAGES);
        }
      }
      if (value.isEmpty()) {
        throw bad(key, "[]", MESSAGES);
      }
      return value.toString();
    }

    /** A response: a text, or a list of one message of the assistant. */
    String response(String key) {
      JsonNode value = object.path(key);
      if (!value.isArray()) {
        return text(key);
      }
      JsonNode message = value.path(0);
      if (value.size() != 1 || !message.path("role").asText().equals("assistant")) {
        throw bad(key, value.toString(), "a string, or a list of one message of the assistant");
      }
      return new Line(file, number, message).text("content");
    }

    BadDataException bad(String key, String found, String expected) {
      String reason = key + ": " + found + " (expected: " + expected + ")";
      return BadDataException.inLine(file, number, reason, null);
    }
  }
}
