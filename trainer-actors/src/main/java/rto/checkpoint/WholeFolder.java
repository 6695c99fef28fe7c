package rto.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Being written. */
  static final String PART = ".part";

  /** Whole, and about to be replaced. */
  static final String OLD = ".old";

  /** Being removed. */
  static final String TRASH = ".trash";

  private WholeFolder() {}

  /** Fills a folder that is not visible yet. */
  @FunctionalInterface
  public interface Content {
    void writeTo(Path folder) throws IOException;
  }

  /**
   * Writes {@code folder}, replacing one of that name only when the new one is complete.
   *
   * <p>A crash leaves either the old folder or the new one, never a part of one; between the two
   * renames the old one lies aside, where {@link #exists} and {@link #verify} find it. What a crash
   * leaves beside is removed by the next call; what a failure leaves, by this one.
   *
   * @throws NotWritten if the disk is full, for example
   */
  public static void write(Path folder, Content content) throws IOException {
    write(folder, content, Disk.REAL);
  }

  static void write(Path folder, Content content, Disk disk) throws IOException {
    Path target = folder.toAbsolutePath();
    Path part = beside(target, PART);
    Files.createDirectories(target.getParent());
    recover(target, disk);
    delete(part, disk);
    try {
      fill(part, content, disk);
    } catch (IOException failure) {
      deleteAfter(failure, part, disk);
      throw NotWritten.naming(target, failure);
    } catch (RuntimeException | Error failure) {
      deleteAfter(failure, part, disk);
      throw failure;
    }
    put(part, target, disk);
  }

  private static void fill(Path part, Content content, Disk disk) throws IOException {
    Files.createDirectories(part);
    content.writeTo(part);
    writeSums(part, disk);
    forceAll(part, disk);
  }

  private static void deleteAfter(Throwable failure, Path part, Disk disk) {
    try {
      delete(part, disk);
    } catch (IOException stays) {
      failure.addSuppressed(stays);
    }
  }

  private static void put(Path part, Path target, Disk disk) throws IOException {
    Path old = beside(target, OLD);
    if (Files.exists(target)) {
      discard(old, disk);
      disk.rename(target, old);
    }
    disk.rename(part, target);
    discard(old, disk);
  }

  /** Whether there is a complete folder. */
  public static boolean exists(Path folder) {
    try {
      recover(folder.toAbsolutePath(), Disk.REAL);
    } catch (IOException e) {
      throw new UncheckedIOException(
          folder + ": the folder before it could not be brought back", e);
    }
    return Files.isRegularFile(folder.resolve(SUMS));
  }

  /** Brings back the old folder if a crash came between the two renames. */
  private static void recover(Path target, Disk disk) throws IOException {
    Path old = beside(target, OLD);
    if (!Files.exists(target) && Files.exists(old)) {
      disk.rename(old, target);
    }
  }

  /**
   * Reads every file and compares its SHA-256.
   *
   * @throws DamagedFolder naming a file that is damaged, missing or superfluous
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
    for (String name : actual.keySet()) {
      if (!expected.containsKey(name)) {
        throw new DamagedFolder(folder.resolve(name) + ": not in " + SUMS + " (expected: no file)");
      }
    }
  }

  /** Removes a folder and all in it, if it is there. */
  public static void delete(Path folder) throws IOException {
    delete(folder, Disk.REAL);
  }

  static void delete(Path folder, Disk disk) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        disk.delete(path);
      }
    }
  }

  /** Removes a folder, if it is there, so that no part of it is ever seen under its name. */
  static void discard(Path folder, Disk disk) throws IOException {
    if (Files.exists(folder)) {
      Path trash = beside(folder, TRASH);
      delete(trash, disk);
      disk.rename(folder, trash);
      delete(trash, disk);
    }
  }

  private static void writeSums(Path folder, Disk disk) throws IOException {
    List<String> lines =
        sums(folder).entrySet().stream().map(e -> e.getValue() + "  " + e.getKey()).toList();
    disk.write(folder.resolve(SUMS), String.join("\n", lines) + "\n");
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

  static Path beside(Path target, String ending) {
    return target.resolveSibling(target.getFileName() + ending);
  }

  private static void forceAll(Path folder, Disk disk) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        disk.force(path);
      }
    }
  }
}
