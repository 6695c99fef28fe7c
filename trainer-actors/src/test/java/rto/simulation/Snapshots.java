package rto.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import rto.checkpoint.ScratchFile;

/** Snapshots of engines that do not compute. */
public final class Snapshots {

  private Snapshots() {}

  public static ScratchFile of(byte[] bytes) {
    try {
      return ScratchFile.of(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All of its bytes, read anew. */
  public static byte[] bytes(ScratchFile file) {
    try {
      return file.read(0, Math.toIntExact(file.length()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
