package rto.data;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/** Files that appear whole or not at all: written beside, flushed to disk, renamed. */
final class WholeFile {

  /** Writes the content. */
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private WholeFile() {}

  /** Replaces {@code file}, whose folder is made if need be; compressed if the name ends in .gz. */
  static void write(Path file, Content content) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      Files.createDirectories(folder);
      Path beside = folder.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
      try {
        fill(beside, file.toString().endsWith(".gz"), content);
        Files.move(
            beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(beside);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(file + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static void fill(Path file, boolean gzip, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, CREATE_NEW, WRITE)) {
      OutputStream raw = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      if (gzip) {
        GZIPOutputStream packed = new GZIPOutputStream(raw, 1 << 16);
        content.writeTo(packed);
        packed.finish();
      } else {
        content.writeTo(raw);
      }
      raw.flush();
      channel.force(true);
    }
  }
}
