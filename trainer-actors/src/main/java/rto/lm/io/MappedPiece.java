package rto.lm.io;

import java.io.EOFException;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;

/**
 * A piece of a file, mapped into memory until this is closed: so a file that is read piece by piece
 * never counts as a whole among the pages that the process holds.
 *
 * <p>Read by Java's copies alone. If the file is cut off meanwhile, they fail with an error where
 * libtorch, reading the same memory, would end the process.
 */
final class MappedPiece implements AutoCloseable {

  /** Bytes of a piece at most. */
  static final int LENGTH = 1 << 24;

  private final FileChannel file;
  private final long from;
  private final MappedByteBuffer bytes;

  /**
   * Maps {@code [from, from + length)}.
   *
   * @throws EOFException if the file ends before
   */
  MappedPiece(FileChannel file, long from, int length) throws IOException {
    requireLength(file, from + length); // a channel that can write would make the file longer
    this.file = file;
    this.from = from;
    this.bytes = file.map(FileChannel.MapMode.READ_ONLY, from, length);
  }

  /** Fills all that remains of {@code into} with the file's bytes from {@code from} on. */
  static void read(FileChannel file, long from, ByteBuffer into) throws IOException {
    long at = from;
    while (into.hasRemaining()) {
      int length = Math.min(LENGTH, into.remaining());
      try (MappedPiece piece = new MappedPiece(file, at, length)) {
        piece.copyInto(into);
      }
      at += length;
    }
  }

  /**
   * Puts all bytes of the piece into {@code into}.
   *
   * @throws EOFException if the file was cut off since it was mapped
   * @throws IOException if the disk could not be read
   */
  void copyInto(ByteBuffer into) throws IOException {
    long end = from + bytes.capacity();
    try {
      into.put(bytes.duplicate());
      Fault.raise();
    } catch (InternalError fault) { // a page that is not there
      requireLength(file, end);
      throw new IOException("bytes before " + end + " could not be read", fault);
    }
    requireLength(file, end); // behind the new end of a file, the last page has zeros
  }

  private static void requireLength(FileChannel file, long expected) throws IOException {
    long length = file.size();
    if (length < expected) {
      throw new EOFException("file ended at " + length + " (expected: at " + expected + " or on)");
    }
  }

  /**
   * Java notes a page that is not there while it copies, and throws only when the thread next
   * enters the virtual machine: in whatever happens to run then, in the middle of a lock or of
   * another class.
   */
  private static final class Fault {

    /** Neither is known to the compiler, which would otherwise leave the array out. */
    private static volatile int one = 1;

    private static volatile int length;

    /** Throws it here: an array of two dimensions is made by the virtual machine itself. */
    static void raise() {
      length = new byte[one][one].length;
    }
  }

  /** The piece is gone at once, not when Java's collector comes by. */
  @Override
  public void close() {
    Unmapping.unmap(bytes);
  }

  /** Java 17 has no other way. */
  private static final class Unmapping {

    private static final Object UNSAFE;
    private static final Method CLEANER;

    static {
      try {
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        Field only = unsafe.getDeclaredField("theUnsafe");
        only.setAccessible(true);
        UNSAFE = only.get(null);
        CLEANER = unsafe.getMethod("invokeCleaner", ByteBuffer.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    static void unmap(MappedByteBuffer mapped) {
      try {
        CLEANER.invoke(UNSAFE, mapped);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("mapped memory could not be given back", e);
      }
    }
  }
}
