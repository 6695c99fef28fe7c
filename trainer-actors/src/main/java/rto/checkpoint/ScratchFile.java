package rto.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.DELETE_ON_CLOSE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Bytes too many for memory, in a file without a name in {@code java.io.tmpdir}: it is gone when it
 * is closed and when its process dies, however it dies, for it leaves its folder when it is opened.
 * (Where the system cannot do that, it leaves the folder when it is closed.)
 *
 * <p>One thread writes; when it has written, several may read.
 */
public final class ScratchFile implements WritableByteChannel {

  private final FileChannel channel;
  private final MessageDigest sha256 = WholeFolder.sha256();
  private long length = 0;

  private ScratchFile(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * An empty one.
   *
   * @throws IOException naming the folder
   */
  public static ScratchFile create() throws IOException {
    Path file = folder().resolve("rto-" + UUID.randomUUID());
    return new ScratchFile(FileChannel.open(file, CREATE_NEW, READ, WRITE, DELETE_ON_CLOSE));
  }

  /** One that holds these bytes. */
  public static ScratchFile of(byte[] bytes) throws IOException {
    ScratchFile file = create();
    file.write(ByteBuffer.wrap(bytes));
    return file;
  }

  /** Appends. */
  @Override
  public int write(ByteBuffer bytes) throws IOException {
    int appended = bytes.remaining();
    sha256.update(bytes.duplicate());
    try {
      while (bytes.hasRemaining()) {
        length += channel.write(bytes);
      }
    } catch (IOException e) {
      throw new IOException("a file in " + folder() + ": " + e.getMessage(), e);
    }
    return appended;
  }

  /** SHA-256, lower-case hex, of all that was written. */
  public String sha256() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) sha256.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("every Java platform's SHA-256 can be copied", e);
    }
  }

  public long length() {
    return length;
  }

  /** At most so many bytes from there on; fewer at the end. */
  public byte[] read(long from, int most) throws IOException {
    long there = Math.max(0, Math.min(most, length - from));
    ByteBuffer bytes = ByteBuffer.allocate((int) there);
    while (bytes.hasRemaining() && channel.read(bytes, from + bytes.position()) >= 0) {
      // read on
    }
    return bytes.array();
  }

  /** For readers that choose their places themselves. */
  public FileChannel channel() {
    return channel;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  /** Its bytes are gone; readers at work fail. */
  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }
}
