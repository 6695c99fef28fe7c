package rto.node.settings;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import java.nio.file.Path;

/** Where a value stands, for people: {@code [quickstart.conf:12]} or {@code [command line]}. */
final class Origins {

  static final String COMMAND_LINE = "command line";

  private Origins() {}

  /** The program's own values are resources, the user's are files and arguments. */
  static boolean isDefault(ConfigValue value) {
    return value.origin().resource() != null;
  }

  static String of(ConfigValue value) {
    ConfigOrigin origin = value.origin();
    String line = origin.lineNumber() > 0 ? ":" + origin.lineNumber() : "";
    if (origin.filename() != null) {
      return " [" + Path.of(origin.filename()).getFileName() + line + "]";
    }
    if (origin.resource() != null) {
      return " [" + origin.resource() + line + "]";
    }
    return origin.description().startsWith(COMMAND_LINE)
        ? " [" + COMMAND_LINE + "]"
        : " [" + origin.description().replaceFirst(": (\\d+)$", ":$1") + "]";
  }
}
