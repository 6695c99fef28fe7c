package rto.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A folder held by one process; the system lets go when the process dies, however it does. */
final class FolderLock {

  /** The file's name in the folder; it stays there. */
  static final String NAME = "lock";

  private FolderLock() {}

  /**
   * Does the work while the folder is held.
   *
   * @param root exists
   * @throws FolderBusy if somebody holds it
   */
  static void holding(Path root, FolderClaim.Work work) throws Exception {
    try (FileChannel channel =
        FileChannel.open(root.resolve(NAME), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (!isOurs(channel)) {
        throw new FolderBusy(
            root + ": another process works in it (expected: nobody; wait for it or stop it)");
      }
      work.run();
    }
  }

  private static boolean isOurs(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException sameProcess) {
      return false;
    }
  }
}
