package rto.metrics;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import rto.checkpoint.NotWritten;

/**
 * A file of JSON Lines, one object per entry: {@code {"stage":"rto","step":3,"kl":0.04,...}}.
 *
 * <p>It survives a crash at any moment: an entry is on disk when {@link #append} returns, a last
 * line that was only half written is cut off at the next opening, and a stage that goes on from an
 * earlier step first drops what it will write again.
 */
public final class MetricsLog implements AutoCloseable {

  /**
   * One line.
   *
   * @param step of its stage; an iteration for the stage {@code rto}
   * @param numbers by name; one that is not finite is written as null and read as NaN
   */
  public record Entry(String stage, long step, Map<String, Double> numbers) {

    public Entry {
      numbers = Map.copyOf(numbers);
    }
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private FileChannel channel;

  private MetricsLog(Path file) throws IOException {
    this.file = file;
    this.channel = openAtEnd(file);
  }

  /** Opens or creates; an unfinished last line is cut off. */
  public static MetricsLog open(Path file) throws IOException {
    cutUnfinishedLine(file);
    return new MetricsLog(file);
  }

  /**
   * All entries, in the order of writing; none if there is no file. An unfinished last line does
   * not count.
   *
   * @throws IOException naming file and line of one that is damaged
   */
  public static List<Entry> read(Path file) throws IOException {
    List<Entry> entries = new ArrayList<>();
    List<String> lines = finishedLines(file);
    for (int i = 0; i < lines.size(); i++) {
      entries.add(parse(lines.get(i), file + ":" + (i + 1)));
    }
    return entries;
  }

  /**
   * On disk when this returns.
   *
   * @throws IOException naming the file if the disk is full, for example; what was written of the
   *     line is cut off at the next opening
   */
  public synchronized void append(Entry entry) throws IOException {
    try {
      write(channel, format(entry));
      channel.force(false);
    } catch (IOException failure) {
      throw NotWritten.naming(file, failure);
    }
  }

  /** The stage goes on at {@code step}: its entries from there on will be written again. */
  public synchronized void dropFrom(String stage, long step) throws IOException {
    keepOnly(entry -> !entry.stage().equals(stage) || entry.step() < step);
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
  }

  private void keepOnly(Predicate<Entry> kept) throws IOException {
    List<Entry> all = read(file);
    List<Entry> rest = all.stream().filter(kept).toList();
    if (rest.size() == all.size()) {
      return;
    }
    Path beside = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(beside);
    try (FileChannel out = openAtEnd(beside)) {
      for (Entry entry : rest) {
        write(out, format(entry));
      }
      out.force(true);
    } catch (IOException failure) {
      throw NotWritten.naming(beside, failure);
    }
    channel.close();
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    channel = openAtEnd(file);
  }

  private static FileChannel openAtEnd(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  private static void write(FileChannel channel, String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private static void cutUnfinishedLine(Path file) throws IOException {
    if (Files.exists(file)) {
      byte[] bytes = Files.readAllBytes(file);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.truncate(endOfLastLine(bytes));
        channel.force(true);
      }
    }
  }

  private static List<String> finishedLines(Path file) throws IOException {
    try {
      byte[] bytes = Files.readAllBytes(file);
      return new String(bytes, 0, endOfLastLine(bytes), StandardCharsets.UTF_8).lines().toList();
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  private static int endOfLastLine(byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  private static String format(Entry entry) throws JsonProcessingException {
    ObjectNode line = JSON.createObjectNode().put("stage", entry.stage()).put("step", entry.step());
    new TreeMap<>(entry.numbers())
        .forEach((name, value) -> line.put(name, Double.isFinite(value) ? value : null));
    return JSON.writeValueAsString(line) + "\n";
  }

  private static Entry parse(String line, String place) throws IOException {
    try {
      ObjectNode object = (ObjectNode) JSON.readTree(line);
      String stage = object.required("stage").asText();
      long step = object.required("step").asLong();
      object.remove(List.of("stage", "step"));
      return new Entry(
          stage,
          step,
          object.properties().stream()
              .collect(Collectors.toMap(Map.Entry::getKey, e -> number(e.getValue()))));
    } catch (JsonProcessingException | ClassCastException | IllegalArgumentException damaged) {
      throw new IOException(
          place + ": not an entry (expected: {\"stage\", \"step\", ...})", damaged);
    }
  }

  private static double number(JsonNode value) {
    return value.isNull() ? Double.NaN : value.doubleValue();
  }
}
