package rto.lm.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The fields of one object of a JSON file. Absent and null are the same unless said otherwise.
 *
 * @param json the object
 * @param prefix stands before names in errors: empty, or the object's own name and a dot
 * @param file for errors
 */
record JsonFields(JsonNode json, String prefix, Path file) {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of a file's whole text. */
  static JsonFields parse(String text, Path file) throws MalformedFile {
    try {
      return new JsonFields(JSON.readTree(text), "", file);
    } catch (JsonProcessingException e) {
      throw new MalformedFile(file, e.getOriginalMessage());
    }
  }

  boolean has(String key) {
    return json.hasNonNull(key);
  }

  JsonNode get(String key) {
    return json.path(key);
  }

  /** The object of this name, without fields if there is none. */
  JsonFields object(String key) throws MalformedFile {
    JsonNode value = get(key);
    refuseUnless(!has(key) || value.isObject(), key, value, "an object");
    return new JsonFields(value, prefix + key + ".", file);
  }

  int integer(String key) throws MalformedFile {
    JsonNode value = get(key);
    refuseUnless(has(key), key, value.isNull() ? "null" : "missing", "an integer");
    refuseUnless(value.isInt(), key, value, "an integer");
    return value.asInt();
  }

  OptionalInt optionalInteger(String key) throws MalformedFile {
    return has(key) ? OptionalInt.of(integer(key)) : OptionalInt.empty();
  }

  /** One integer or an array of them; none if absent. */
  List<Integer> integers(String key) throws MalformedFile {
    JsonNode value = get(key);
    if (!value.isArray()) {
      return optionalInteger(key).stream().boxed().toList();
    }
    List<Integer> integers = new ArrayList<>();
    for (JsonNode each : value) {
      refuseUnless(each.isInt(), key, value, "integers");
      integers.add(each.asInt());
    }
    return integers;
  }

  int integer(String key, int otherwise) throws MalformedFile {
    return has(key) ? integer(key) : otherwise;
  }

  double number(String key) throws MalformedFile {
    JsonNode value = get(key);
    refuseUnless(has(key), key, value.isNull() ? "null" : "missing", "a number");
    refuseUnless(value.isNumber(), key, value, "a number");
    return value.asDouble();
  }

  double number(String key, double otherwise) throws MalformedFile {
    return has(key) ? number(key) : otherwise;
  }

  boolean flag(String key, boolean otherwise) throws MalformedFile {
    JsonNode value = get(key);
    refuseUnless(!has(key) || value.isBoolean(), key, value, "true or false");
    return has(key) ? value.asBoolean() : otherwise;
  }

  String text(String key, String otherwise) throws MalformedFile {
    JsonNode value = get(key);
    refuseUnless(!has(key) || value.isTextual(), key, value, "a string");
    return has(key) ? value.asText() : otherwise;
  }

  void refuseUnless(boolean condition, String key, Object value, String expected)
      throws MalformedFile {
    if (!condition) {
      throw new MalformedFile(file, prefix + key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
