package rto.data;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The lines of a UTF-8 text file, plain or gzip (told by the first two bytes, whatever the name),
 * with their numbers. A byte order mark of UTF-8 is skipped; any other encoding is refused with the
 * line at which it shows.
 */
final class LineReader implements Closeable {

  private static final int BYTE_ORDER_MARK = 0xFEFF;

  private final Path file;
  private final InputStream in;
  private int line;

  /** Opens {@code file}; {@code expected} ends the message when there is no such file. */
  LineReader(Path file, String expected) {
    if (!Files.isRegularFile(file)) {
      String found = Files.exists(file) ? "not a regular file" : "missing";
      throw BadDataException.inFile(file, found + " (expected: " + expected + ")", null);
    }
    this.file = file;
    try {
      this.in = new BufferedInputStream(open(file), 1 << 16);
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The number of the line last returned, from 1. */
  int line() {
    return line;
  }

  /** The next line without its line feed; empty at the end of the file. */
  Optional<String> next() {
    try {
      int b = in.read();
      if (b < 0) {
        return Optional.empty();
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (; b >= 0 && b != '\n'; b = in.read()) {
        bytes.write(b);
      }
      line++;
      return Optional.of(decode(bytes.toByteArray()));
    } catch (EOFException | ZipException e) {
      throw damaged(e);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
    try {
      raw.mark(2);
      boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
      raw.reset();
      return gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  private String decode(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean marked = line == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK;
      return marked ? text.substring(1) : text;
    } catch (CharacterCodingException e) {
      throw BadDataException.inLine(file, line, "not UTF-8 (expected: text in UTF-8)", e);
    }
  }

  private BadDataException damaged(IOException cause) {
    String reason = "damaged gzip after line %s: %s (expected: a whole gzip file)";
    return BadDataException.inFile(file, reason.formatted(line, cause.getMessage()), cause);
  }

  private UncheckedIOException unreadable(IOException cause) {
    return new UncheckedIOException(file + ": cannot be read: " + cause.getMessage(), cause);
  }
}
