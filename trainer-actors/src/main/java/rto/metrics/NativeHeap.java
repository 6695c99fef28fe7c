package rto.metrics;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;

/** What glibc's allocator has given out: libtorch's tensors, mostly. */
final class NativeHeap {

  private static final double BYTES_UNKNOWN = Double.NaN;

  private NativeHeap() {}

  /** NaN where there is no glibc that tells. */
  static double bytes() {
    try {
      Info info = Glibc.LIBRARY.mallinfo2();
      return (double) info.uordblks + info.hblkhd;
    } catch (LinkageError otherLibrary) {
      return BYTES_UNKNOWN;
    }
  }

  /** Hands free pages back to the system; does nothing where there is no glibc. */
  static void trim() {
    try {
      Glibc.LIBRARY.malloc_trim(new NativeLong(0));
    } catch (LinkageError otherLibrary) {
      return;
    }
  }

  /** malloc.h's struct mallinfo2; size_t is as long as a long on every 64-bit Unix. */
  @FieldOrder({
    "arena",
    "ordblks",
    "smblks",
    "hblks",
    "hblkhd",
    "usmblks",
    "fsmblks",
    "uordblks",
    "fordblks",
    "keepcost"
  })
  public static final class Info extends Structure implements Structure.ByValue {
    public long arena;
    public long ordblks;
    public long smblks;
    public long hblks;

    /** Bytes in blocks that are mapped one by one. */
    public long hblkhd;

    public long usmblks;
    public long fsmblks;

    /** Bytes in all other blocks that are in use. */
    public long uordblks;

    public long fordblks;
    public long keepcost;
  }

  private interface Glibc extends Library {
    Glibc LIBRARY = Native.load("c", Glibc.class);

    Info mallinfo2();

    int malloc_trim(NativeLong pad);
  }
}
