package rto.checkpoint;

import java.io.IOException;

/** A folder whose files are not what was written; the message names the file. */
public final class DamagedFolder extends IOException {

  private static final long serialVersionUID = 1;

  public DamagedFolder(String message) {
    super(message);
  }
}
