package rto.chaos;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of its own, which can be filled; only root can mount one. */
final class Disk implements AutoCloseable {

  private static final String BALLAST = "ballast";

  private final Path folder;

  private Disk(Path folder) {
    this.folder = folder;
  }

  /**
   * Mounts one at the folder, made if need be.
   *
   * @throws IOException if this is not allowed
   */
  static Disk mount(Path folder, int mebibytes) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "rto-chaos", folder.toString());
    return new Disk(folder);
  }

  /** Whether file systems can be mounted here: that takes Linux and root. */
  static boolean isPossible() {
    try {
      Path trial = Files.createTempDirectory("rto-chaos");
      mount(trial, 1).close();
      Files.delete(trial);
      return true;
    } catch (IOException | InterruptedException notAllowed) {
      return false;
    }
  }

  /** Leaves no byte free. */
  void fill() throws IOException {
    // In smaller and smaller pieces, so that the last page is taken, too.
    try (OutputStream ballast = Files.newOutputStream(folder.resolve(BALLAST))) {
      byte[] piece = new byte[1 << 16];
      while (true) {
        ballast.write(piece);
      }
    } catch (IOException full) {
      // that is what was wanted
    }
  }

  void free() throws IOException {
    Files.deleteIfExists(folder.resolve(BALLAST));
  }

  @Override
  public void close() throws IOException {
    try {
      run("umount", "-l", folder.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("umount " + folder + ": interrupted", e);
    }
  }

  private static void run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + said.strip());
    }
  }
}
