package rto.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file or folder could not be written; the message says which and why. That a disk is full is
 * told by Java without the name of a file.
 */
public final class NotWritten extends IOException {

  private static final long serialVersionUID = 1;

  private NotWritten(String message, IOException cause) {
    super(message, cause);
  }

  /** The failure with the path; one that names a file of its own stays as it is. */
  public static IOException naming(Path path, IOException failure) {
    return failure.getClass() == IOException.class
        ? new NotWritten(path + ": could not be written: " + failure.getMessage(), failure)
        : failure;
  }
}
