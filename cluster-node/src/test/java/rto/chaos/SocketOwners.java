package rto.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which process has a TCP connection of this machine, as Linux tells it. */
final class SocketOwners {

  /** A socket of Java's is in the second one unless it was told to prefer IPv4. */
  private static final List<Path> TABLES =
      List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6"));

  // sl, local_address, rem_address, st, tx:rx, tr:when, retrnsmt, uid, timeout, inode
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwners() {}

  /**
   * The process, of these, whose socket is bound to one port and connected to the other one; both
   * on 127.0.0.1.
   */
  static Optional<Long> find(int local, int remote, Collection<Long> pids) throws IOException {
    for (Path table : TABLES) {
      Optional<String> inode = inode(table, local, remote);
      if (inode.isPresent()) {
        String link = "socket:[" + inode.get() + "]";
        return pids.stream().filter(pid -> has(pid, link)).findFirst();
      }
    }
    return Optional.empty();
  }

  private static Optional<String> inode(Path table, int local, int remote) throws IOException {
    if (!Files.exists(table)) {
      return Optional.empty();
    }
    try (Stream<String> lines = Files.lines(table)) {
      return lines
          .skip(1)
          .map(line -> line.strip().split("\\s+"))
          .filter(f -> f[LOCAL].endsWith(hex(local)) && f[REMOTE].endsWith(hex(remote)))
          .map(f -> f[INODE])
          .findFirst();
    }
  }

  private static String hex(int port) {
    return String.format(":%04X", port);
  }

  private static boolean has(long pid, String link) {
    try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
      return open.anyMatch(fd -> isLinkTo(fd, link));
    } catch (IOException gone) {
      return false;
    }
  }

  private static boolean isLinkTo(Path fd, String link) {
    try {
      return Files.readSymbolicLink(fd).toString().equals(link);
    } catch (IOException closed) {
      return false;
    }
  }
}
