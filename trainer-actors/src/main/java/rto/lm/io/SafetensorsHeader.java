package rto.lm.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/**
 * The header of a safetensors file, held against the rules of the format.
 *
 * @param entries in file order
 * @param metadata the file's free metadata
 * @param start where values begin
 */
record SafetensorsHeader(List<Entry> entries, Map<String, String> metadata, long start) {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MAX_HEADER = 100_000_000;
  private static final Comparator<Entry> BY_PLACE =
      Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to);

  /** What the header says of one tensor; its values lie at [from, to) after the header. */
  record Entry(String name, Safetensors.Type type, long[] shape, long from, long to) {}

  static SafetensorsHeader read(FileChannel channel, Path file) throws IOException {
    long size = channel.size();
    refuseUnless(size >= 8, file, "file: " + size + " bytes (expected: at least 8)");
    long length = headerLength(filled(ByteBuffer.allocate(8), channel, 0), size, file);
    ByteBuffer header = filled(ByteBuffer.allocate((int) length), channel, 8);
    long start = 8 + length;
    long available = size - start;
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : parse(header, file).properties()) {
      if (field.getKey().equals(Safetensors.METADATA)) {
        field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
      } else {
        entries.add(entry(field.getKey(), field.getValue(), available, file));
      }
    }
    refuseGaps(entries, available, file);
    return new SafetensorsHeader(entries, metadata, start);
  }

  private static ByteBuffer filled(ByteBuffer buffer, FileChannel from, long at)
      throws IOException {
    long next = at;
    while (buffer.hasRemaining()) {
      int read = from.read(buffer, next);
      if (read < 0) {
        throw new EOFException("file ended at " + next + " (expected: more bytes)");
      }
      next += read;
    }
    return buffer.flip();
  }

  private static long headerLength(ByteBuffer bytes, long size, Path file) throws MalformedFile {
    long length = bytes.order(ByteOrder.LITTLE_ENDIAN).getLong(0);
    refuseUnless(
        length > 0 && length <= Math.min(MAX_HEADER, size - 8),
        file,
        "header: " + length + " bytes (expected: in 1.." + Math.min(MAX_HEADER, size - 8) + ")");
    return length;
  }

  private static JsonNode parse(ByteBuffer header, Path file) throws MalformedFile {
    String text = StandardCharsets.UTF_8.decode(header).toString();
    try {
      JsonNode json = JSON.readTree(text);
      refuseUnless(json != null && json.isObject(), file, "header: (expected: a JSON object)");
      return json;
    } catch (JsonProcessingException e) {
      throw new MalformedFile(file, "header: " + e.getOriginalMessage());
    }
  }

  private static Entry entry(String name, JsonNode node, long available, Path file)
      throws MalformedFile {
    Safetensors.Type type = type(node.path("dtype").asText(), name, file);
    long[] shape = wholeNumbers(node, "shape", name, file);
    long[] offsets = wholeNumbers(node, "data_offsets", name, file);
    BigInteger bytes = BigInteger.valueOf(type.bytes);
    for (long size : shape) {
      bytes = bytes.multiply(BigInteger.valueOf(size));
    }
    refuseUnless(
        offsets.length == 2
            && offsets[1] <= available
            && BigInteger.valueOf(offsets[1] - offsets[0]).equals(bytes),
        file,
        String.format(
            "%s: data_offsets %s (expected: %s bytes for %s of shape %s, within %s)",
            name, node.path("data_offsets"), bytes, type, node.path("shape"), available));
    return new Entry(name, type, shape, offsets[0], offsets[1]);
  }

  /** An array of numbers that are neither negative nor fractions. */
  private static long[] wholeNumbers(JsonNode tensor, String key, String name, Path file)
      throws MalformedFile {
    JsonNode array = tensor.path(key);
    boolean whole = array.isArray();
    for (JsonNode number : array) {
      whole &= number.isIntegralNumber() && number.canConvertToLong() && number.asLong() >= 0;
    }
    refuseUnless(
        whole, file, name + ": " + key + " " + array + " (expected: an array of whole numbers)");
    return StreamSupport.stream(array.spliterator(), false).mapToLong(JsonNode::asLong).toArray();
  }

  /** Tensors follow each other without gap or overlap and fill the file, as the format demands. */
  private static void refuseGaps(List<Entry> entries, long available, Path file)
      throws MalformedFile {
    long at = 0;
    for (Entry e : entries.stream().sorted(BY_PLACE).toList()) {
      refuseUnless(
          e.from() == at,
          file,
          e.name() + ": begins at " + e.from() + " (expected: " + at + ", no gap, no overlap)");
      at = e.to();
    }
    refuseUnless(at == available, file, "values: " + available + " bytes (expected: " + at + ")");
  }

  private static Safetensors.Type type(String dtype, String name, Path file) throws MalformedFile {
    for (Safetensors.Type type : Safetensors.Type.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw new MalformedFile(
        file,
        name
            + ": dtype "
            + dtype
            + " (expected: one of "
            + Arrays.toString(Safetensors.Type.values())
            + ")");
  }

  private static void refuseUnless(boolean condition, Path file, String reason)
      throws MalformedFile {
    if (!condition) {
      throw new MalformedFile(file, reason);
    }
  }
}
