package rto.data;

import java.nio.file.Path;

/**
 * A data file that cannot be used as it is, worded {@code file: reason} or {@code file:line:
 * reason} with what was expected in parentheses. Nothing of such a file is used.
 */
public final class BadDataException extends IllegalArgumentException {

  private BadDataException(String message, Throwable cause) {
    super(message, cause);
  }

  static BadDataException inFile(Path file, String reason, Throwable cause) {
    return new BadDataException(file + ": " + reason, cause);
  }

  static BadDataException inLine(Path file, int line, String reason, Throwable cause) {
    return new BadDataException(file + ":" + line + ": " + reason, cause);
  }
}
