package rto.lm.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.StreamSupport;

/**
 * The safetensors format: eight bytes of header length, a JSON header that names each tensor's
 * type, shape and place, then the values, little-endian.
 */
public final class Safetensors {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int MAX_HEADER = 100_000_000;
  private static final String METADATA = "__metadata__";
  private static final Comparator<Entry> BY_PLACE =
      Comparator.comparingLong(Entry::from).thenComparingLong(Entry::to);

  /** A tensor's element types that this project reads. */
  public enum Type {
    F64(8),
    F32(4),
    F16(2),
    BF16(2);

    final int bytes;

    Type(int bytes) {
      this.bytes = bytes;
    }
  }

  /** One tensor; its values, little-endian, row by row, are made when they are asked for. */
  public record Tensor(Type type, long[] shape, Supplier<ByteBuffer> values) {

    private long bytes() {
      return Arrays.stream(shape).reduce(type.bytes, Math::multiplyExact);
    }
  }

  /** Tensors by name in file order, and the file's free metadata. */
  public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  private Safetensors() {}

  /**
   * Maps a file into memory.
   *
   * @throws MalformedFile with the file's name and the reason
   */
  public static Content read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return content(
          channel,
          file,
          (from, to) -> {
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, from, to - from);
            return () -> mapped.duplicate().order(ByteOrder.LITTLE_ENDIAN);
          });
    }
  }

  /**
   * Reads an open file, each tensor's values when they are asked for: no more than one tensor needs
   * to be in memory.
   *
   * @param name is for errors
   */
  public static Content read(FileChannel channel, Path name) throws IOException {
    return content(channel, name, (from, to) -> () -> read(channel, from, to));
  }

  private static ByteBuffer read(FileChannel channel, long from, long to) {
    try {
      ByteBuffer values = ByteBuffer.allocateDirect((int) (to - from));
      return filled(values, channel, from).order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Writes tensors one after the other; no more than one's values are asked for at a time. */
  public static void write(Content content, WritableByteChannel out) throws IOException {
    ObjectNode header = JSON.createObjectNode();
    if (!content.metadata().isEmpty()) {
      ObjectNode metadata = header.putObject(METADATA);
      content.metadata().forEach(metadata::put);
    }
    long at = 0;
    for (Map.Entry<String, Tensor> entry : content.tensors().entrySet()) {
      Tensor tensor = entry.getValue();
      ObjectNode node = header.putObject(entry.getKey());
      node.put("dtype", tensor.type().name());
      Arrays.stream(tensor.shape()).forEach(node.putArray("shape")::add);
      long end = at + tensor.bytes();
      node.putArray("data_offsets").add(at).add(end);
      at = end;
    }
    byte[] text = padded(JSON.writeValueAsString(header));
    ByteBuffer head =
        ByteBuffer.allocate(8 + text.length).order(ByteOrder.LITTLE_ENDIAN).putLong(text.length);
    writeAll(head.put(text).flip(), out);
    for (Tensor tensor : content.tensors().values()) {
      writeAll(tensor.values().get(), out);
    }
  }

  /** The first value must lie at a multiple of eight bytes. */
  private static byte[] padded(String json) {
    byte[] text = json.getBytes(StandardCharsets.UTF_8);
    byte[] padded = Arrays.copyOf(text, (text.length + 7) / 8 * 8);
    Arrays.fill(padded, text.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void writeAll(ByteBuffer bytes, WritableByteChannel out) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
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

  @FunctionalInterface
  private interface Values {
    Supplier<ByteBuffer> between(long from, long to) throws IOException;
  }

  /** What the header says of one tensor; its values lie at [from, to) after the header. */
  private record Entry(String name, Type type, long[] shape, long from, long to) {}

  private static Content content(FileChannel channel, Path file, Values values) throws IOException {
    long size = channel.size();
    refuseUnless(size >= 8, file, "file: " + size + " bytes (expected: at least 8)");
    long length = headerLength(filled(ByteBuffer.allocate(8), channel, 0), size, file);
    ByteBuffer header = filled(ByteBuffer.allocate((int) length), channel, 8);
    long start = 8 + length;
    long available = size - start;
    List<Entry> entries = new ArrayList<>();
    Map<String, String> metadata = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : parse(header, file).properties()) {
      if (field.getKey().equals(METADATA)) {
        field.getValue().properties().forEach(m -> metadata.put(m.getKey(), m.getValue().asText()));
      } else {
        entries.add(entry(field.getKey(), field.getValue(), available, file));
      }
    }
    refuseGaps(entries, available, file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Entry e : entries) {
      var at = values.between(start + e.from(), start + e.to());
      tensors.put(e.name(), new Tensor(e.type(), e.shape(), at));
    }
    return new Content(tensors, metadata);
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
    Type type = type(node.path("dtype").asText(), name, file);
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
    refuseUnless(
        offsets[1] - offsets[0] <= Integer.MAX_VALUE,
        file,
        name + ": " + bytes + " bytes (expected: less than 2^31 for one tensor)");
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

  private static Type type(String dtype, String name, Path file) throws MalformedFile {
    for (Type type : Type.values()) {
      if (type.name().equals(dtype)) {
        return type;
      }
    }
    throw new MalformedFile(
        file,
        name + ": dtype " + dtype + " (expected: one of " + Arrays.toString(Type.values()) + ")");
  }

  private static void refuseUnless(boolean condition, Path file, String reason)
      throws MalformedFile {
    if (!condition) {
      throw new MalformedFile(file, reason);
    }
  }
}
