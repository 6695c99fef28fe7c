package rto.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder that exists whole or not at all. Beside its files lies {@code SHA256SUMS}, in the format
 * of the tool of that name; a folder whose files do not agree with it is refused.
 */
public final class WholeFolder {

  private static final String SUMS = "SHA256SUMS";
  private static final String PART = ".part";

  private WholeFolder() {}

  /** Fills a folder that is not visible yet. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes {@code folder}, replacing one of that name only when the new one is complete.
   *
   * <p>A crash leaves either the old folder, or the new one, or (between two renames) none; never a
   * part of one. What it leaves beside is removed by the next call.
   */
  public static void write(Path folder, Content content) throws IOException {
    Path target = folder.toAbsolutePath();
    Path part = target.resolveSibling(target.getFileName() + PART);
    Files.createDirectories(target.getParent());
    delete(part);
    Files.createDirectories(part);
    content.writeTo(part);
    writeSums(part);
    try (Stream<Path> all = Files.walk(part)) {
      for (Path path : all.toList()) {
        force(path);
      }
    }
    delete(target);
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    force(target.getParent());
  }

  /** Whether there is a complete folder. */
  public static boolean exists(Path folder) {
    return Files.isRegularFile(folder.resolve(SUMS));
  }

  /**
   * Reads every file and compares its SHA-256.
   *
   * @throws DamagedFolder naming the file
   */
  public static void verify(Path folder) throws IOException {
    if (!exists(folder)) {
      throw new DamagedFolder(folder.resolve(SUMS) + ": missing (expected: a complete folder)");
    }
    Map<String, String> expected = new TreeMap<>();
    for (String line : Files.readAllLines(folder.resolve(SUMS))) {
      String[] parts = line.split(" {2}", 2);
      if (parts.length != 2) {
        throw new DamagedFolder(folder.resolve(SUMS) + ": " + line + " (expected: sum and name)");
      }
      expected.put(parts[1], parts[0]);
    }
    Map<String, String> actual = sums(folder);
    for (Map.Entry<String, String> entry : expected.entrySet()) {
      String sum = actual.get(entry.getKey());
      if (!entry.getValue().equals(sum)) {
        throw new DamagedFolder(
            String.format(
                "%s: sha256 %s (expected: %s; the file is damaged)",
                folder.resolve(entry.getKey()), sum == null ? "missing" : sum, entry.getValue()));
      }
    }
  }

  /** Removes all complete folders in {@code parent} but the {@code kept} last ones by name. */
  public static void keepLast(Path parent, int kept) throws IOException {
    List<Path> complete;
    try (Stream<Path> all = Files.list(parent)) {
      complete = all.filter(WholeFolder::exists).sorted().toList();
    }
    for (Path old : complete.subList(0, Math.max(0, complete.size() - kept))) {
      delete(old);
    }
  }

  /** Removes a folder and all in it, if it is there. */
  public static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void writeSums(Path folder) throws IOException {
    List<String> lines =
        sums(folder).entrySet().stream().map(e -> e.getValue() + "  " + e.getKey()).toList();
    Files.writeString(
        folder.resolve(SUMS), String.join("\n", lines) + "\n", StandardCharsets.UTF_8);
  }

  /** Name, with slashes, to sum, of every file but the sums. */
  private static Map<String, String> sums(Path folder) throws IOException {
    Map<String, String> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace('\\', '/');
        if (!name.equals(SUMS)) {
          sums.put(name, sha256(file));
        }
      }
    }
    return sums;
  }

  private static String sha256(Path file) throws IOException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
      in.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(((DigestInputStream) in).getMessageDigest().digest());
    }
  }

  /** A fresh SHA-256. */
  public static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
