package rto.lm.io;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;

/**
 * The safetensors format: eight bytes of header length, a JSON header that names each tensor's
 * type, shape and place, then the values, little-endian.
 */
public final class Safetensors {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** Bytes that pass at a time. */
  static final int PART = 1 << 21;

  /**
   * Through which values pass: small, so that a model needs hardly more memory than it has, and one
   * for each thread that reads at the same time.
   */
  private static final Queue<ByteBuffer> BUFFERS = new ConcurrentLinkedQueue<>();

  static final String METADATA = "__metadata__";

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

  /**
   * A tensor's bytes, little-endian, row by row. In parts, as a tensor may be longer than a buffer
   * can be.
   */
  @FunctionalInterface
  public interface Values {
    /** Fills all that remains of {@code into} with the bytes from {@code from} on. */
    void read(long from, ByteBuffer into);
  }

  /** One tensor; its values are made when they are asked for. */
  public record Tensor(Type type, long[] shape, Values values) {

    /** One whose values are in one buffer. */
    public Tensor(Type type, long[] shape, Supplier<ByteBuffer> whole) {
      this(
          type,
          shape,
          (from, into) -> into.put(whole.get().slice(Math.toIntExact(from), into.remaining())));
    }

    /** How many bytes the values have. */
    public long bytes() {
      return Arrays.stream(shape).reduce(type.bytes, Math::multiplyExact);
    }

    /** All values of one that fits into a buffer. */
    public ByteBuffer all() {
      ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(bytes()));
      values.read(0, all);
      return all.flip().order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Hands all values to {@code consumer}, one part after the other. */
    void forEachPart(Part consumer) throws IOException {
      long length = bytes();
      for (long at = 0; at < length; at += PART) {
        part(at, (int) Math.min(PART, length - at), consumer);
      }
    }

    /** Hands some values to {@code consumer}, {@link #PART} bytes at most. */
    void part(long from, int length, Part consumer) throws IOException {
      ByteBuffer idle = BUFFERS.poll();
      ByteBuffer buffer = idle == null ? ByteBuffer.allocateDirect(PART) : idle;
      try {
        values.read(from, buffer.clear().limit(length));
        consumer.take(from, buffer.flip());
      } finally {
        BUFFERS.add(buffer);
      }
    }
  }

  /** Takes bytes of a tensor; the buffer is used again afterwards. */
  @FunctionalInterface
  interface Part {
    void take(long from, ByteBuffer bytes) throws IOException;
  }

  /** Tensors by name in file order, and the file's free metadata. */
  public record Content(Map<String, Tensor> tensors, Map<String, String> metadata) {}

  private Safetensors() {}

  /**
   * Reads a file's header; values come from the file when they are asked for, which is mapped for
   * that, a piece at a time.
   *
   * @throws MalformedFile with the file's name and the reason
   */
  public static Content read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return content(channel, file, start -> (from, into) -> read(file, start + from, into));
    }
  }

  private static void read(Path file, long from, ByteBuffer into) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MappedPiece.read(channel, from, into);
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": " + e.getMessage(), e);
    }
  }

  /**
   * The same of an open file.
   *
   * @param name is for errors
   */
  public static Content read(FileChannel channel, Path name) throws IOException {
    return content(channel, name, start -> (from, into) -> read(channel, start + from, into));
  }

  private static void read(FileChannel channel, long from, ByteBuffer into) {
    try {
      MappedPiece.read(channel, from, into);
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
      tensor.forEachPart((from, bytes) -> writeAll(bytes, out));
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

  /** The values that begin at a place in the file. */
  @FunctionalInterface
  private interface Source {
    Values at(long start);
  }

  private static Content content(FileChannel channel, Path file, Source source) throws IOException {
    SafetensorsHeader header = SafetensorsHeader.read(channel, file);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (SafetensorsHeader.Entry e : header.entries()) {
      tensors.put(e.name(), new Tensor(e.type(), e.shape(), source.at(header.start() + e.from())));
    }
    return new Content(tensors, header.metadata());
  }
}
