package rto.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * What is done to a disk, in steps that a crash may come between: here a test lets it come before
 * any of them.
 */
interface Disk {

  /** On disk when this returns. */
  void rename(Path from, Path to) throws IOException;

  /** Of a file or an empty folder. */
  void delete(Path path) throws IOException;

  void write(Path file, String text) throws IOException;

  /** What was written to this file or folder is on disk when this returns. */
  void force(Path path) throws IOException;

  /** The one there is. */
  Disk REAL =
      new Disk() {
        @Override
        public void rename(Path from, Path to) throws IOException {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
          force(to.getParent());
        }

        @Override
        public void delete(Path path) throws IOException {
          Files.delete(path);
        }

        @Override
        public void write(Path file, String text) throws IOException {
          Files.writeString(file, text, StandardCharsets.UTF_8);
        }

        @Override
        public void force(Path path) throws IOException {
          try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
          }
        }
      };
}
