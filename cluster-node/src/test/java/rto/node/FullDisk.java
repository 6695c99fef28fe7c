package rto.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A file system of a few kilobytes at a folder, for as long as it is open. */
final class FullDisk implements AutoCloseable {

  private final Path folder;

  private FullDisk(Path folder) {
    this.folder = folder;
  }

  /** Skips the test where file systems cannot be mounted: that takes Linux and root. */
  static FullDisk at(Path folder, long kibibytes) throws IOException {
    Files.createDirectories(folder);
    boolean mounted = succeeds("mount", "-t", "tmpfs", "-o", size(kibibytes), "rto", folder);
    Assumptions.assumeTrue(mounted, "no file system can be mounted here: no full disk to test on");
    return new FullDisk(folder);
  }

  void growTo(long kibibytes) throws IOException {
    if (!succeeds("mount", "-o", "remount," + size(kibibytes), folder)) {
      throw new IOException(folder + ": cannot be remounted");
    }
  }

  /** Files may still be mapped into memory. */
  @Override
  public void close() throws IOException {
    if (!succeeds("umount", "--lazy", folder)) {
      throw new IOException(folder + ": cannot be unmounted");
    }
  }

  private static String size(long kibibytes) {
    return "size=" + kibibytes + "k";
  }

  private static boolean succeeds(Object... command) {
    List<String> words = List.of(command).stream().map(Object::toString).toList();
    try {
      return new ProcessBuilder(words).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException noSuchProgram) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
