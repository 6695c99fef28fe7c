package rto.lm.io;

import java.io.IOException;
import java.nio.file.Path;

/** A file that cannot be what it should be; the message names the file and the place. */
public final class MalformedFile extends IOException {

  private static final long serialVersionUID = 1;

  public MalformedFile(Path file, String reason) {
    super(file + ": " + reason);
  }
}
