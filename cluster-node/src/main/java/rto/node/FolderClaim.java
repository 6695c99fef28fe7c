package rto.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import rto.checkpoint.WholeFile;
import rto.node.settings.Settings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * A run's folder, held by one process. A folder that holds another run, or something else, is
 * refused; the same run goes on.
 */
final class FolderClaim {

  private static final String LOCK = "lock";

  private FolderClaim() {}

  /** What is done in the folder. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /**
   * Does the work while the folder is held for a run; makes the folder if need be.
   *
   * @throws IllegalArgumentException naming what the folder holds instead
   */
  static void holding(RunFolder folder, RunSettings settings, Work work) throws Exception {
    String identity = Settings.render(settings.identity());
    refuseForeign(folder);
    refuseOtherRun(folder, identity);
    Files.createDirectories(folder.root());
    FileChannel lock = lock(folder);
    try {
      if (!Files.exists(folder.config())) {
        WholeFile.write(folder.config(), identity);
      }
      refuseOtherRun(folder, identity);
      work.run();
    } finally {
      lock.close();
    }
  }

  private static FileChannel lock(RunFolder folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.root().resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException sameProcess) {
      // refused below
    }
    channel.close();
    throw new IllegalArgumentException(
        folder.root() + ": another process works in it (expected: nobody; wait for it or stop it)");
  }

  private static void refuseForeign(RunFolder folder) throws IOException {
    if (!Files.exists(folder.root()) || Files.exists(folder.config())) {
      return;
    }
    // What a run leaves that was killed before its settings were written.
    Set<Path> ours = Set.of(Path.of(LOCK), WholeFile.beside(folder.config()).getFileName());
    try (Stream<Path> content = Files.list(folder.root())) {
      boolean foreign = content.map(Path::getFileName).anyMatch(name -> !ours.contains(name));
      if (foreign) {
        throw new IllegalArgumentException(
            folder.root()
                + ": not a run's folder (expected: an empty one, or a run to go on with)");
      }
    }
  }

  private static void refuseOtherRun(RunFolder folder, String wanted) throws IOException {
    String there = Files.exists(folder.config()) ? Files.readString(folder.config()) : wanted;
    if (!there.equals(wanted)) {
      throw new IllegalArgumentException(
          folder.root()
              + ": holds a run with other settings: "
              + String.join("; ", differences(there, wanted))
              + " (expected: the same; choose another --out, or delete the folder)");
    }
  }

  /** The first few lines that differ, as {@code there, wanted: here}. */
  private static List<String> differences(String there, String wanted) {
    List<String> a = there.lines().toList();
    List<String> b = wanted.lines().toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < Math.min(a.size(), b.size()) && found.size() < 3; i++) {
      if (!a.get(i).equals(b.get(i))) {
        found.add(bare(a.get(i)) + " there, now " + bare(b.get(i)));
      }
    }
    return found;
  }

  private static String bare(String line) {
    return line.strip().replaceAll(",$", "");
  }
}
