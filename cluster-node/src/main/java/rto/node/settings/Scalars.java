package rto.node.settings;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Single values: numbers, switches, texts, paths, durations, enums. A text that reads as a number
 * is one, as everywhere in HOCON; nothing is rounded or cut to fit.
 */
final class Scalars {

  private interface Parser {
    /** Returns null for a text that is no such value. */
    Object parse(String text, ConfigValue value);
  }

  private record Kind(String expected, Object placeholder, Parser parser) {}

  private static final Set<String> YES = Set.of("true", "on", "yes");
  private static final Set<String> NO = Set.of("false", "off", "no");

  private static final Kind INT = new Kind("a whole number", 0, (t, v) -> exactInt(t));
  private static final Kind LONG = new Kind("a whole number", 0L, (t, v) -> exactLong(t));
  private static final Kind DOUBLE = new Kind("a number", 0.0, (t, v) -> number(t));
  private static final Kind BOOLEAN = new Kind("true or false", false, (t, v) -> bool(t));

  private static final Map<Class<?>, Kind> KINDS =
      Map.of(
          int.class, INT,
          Integer.class, INT,
          long.class, LONG,
          Long.class, LONG,
          double.class, DOUBLE,
          Double.class, DOUBLE,
          boolean.class, BOOLEAN,
          Boolean.class, BOOLEAN,
          String.class, new Kind("a text", "", (t, v) -> t),
          Path.class, new Kind("a file or folder", Path.of(""), (t, v) -> path(t)));

  private static final Kind DURATION =
      new Kind("a duration with its unit, like 500ms or 10s", Duration.ZERO, Scalars::duration);

  private Scalars() {}

  /** What is allowed, for the reader of a message. */
  static String expected(Class<?> type) {
    return kind(type).expected();
  }

  /** Stands in for a value that could not be read while the rest of its record is checked. */
  static Object placeholder(Class<?> type) {
    return kind(type).placeholder();
  }

  static Optional<Object> parse(Class<?> type, ConfigValue value) {
    if (value.valueType() == ConfigValueType.OBJECT || value.valueType() == ConfigValueType.LIST) {
      return Optional.empty();
    }
    return Optional.ofNullable(kind(type).parser().parse(text(value), value));
  }

  /** As it was written. */
  static String text(ConfigValue value) {
    return value.valueType() == ConfigValueType.STRING
        ? (String) value.unwrapped()
        : value.render();
  }

  private static Kind kind(Class<?> type) {
    if (type.isEnum()) {
      return enumKind(type);
    }
    Kind kind = type == Duration.class ? DURATION : KINDS.get(type);
    if (kind == null) {
      throw new IllegalStateException(type + ": settings records cannot have this type");
    }
    return kind;
  }

  private static Kind enumKind(Class<?> type) {
    Map<String, Object> constants =
        Arrays.stream(type.getEnumConstants())
            .collect(Collectors.toMap(c -> Keys.kebab(((Enum<?>) c).name()), c -> c));
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(c -> Keys.kebab(((Enum<?>) c).name()))
            .collect(Collectors.joining(", "));
    return new Kind("one of " + names, type.getEnumConstants()[0], (t, v) -> constants.get(t));
  }

  private static Integer exactInt(String text) {
    Long value = exactLong(text);
    return value == null || value != value.intValue() ? null : Integer.valueOf(value.intValue());
  }

  private static Long exactLong(String text) {
    try {
      return new BigDecimal(text).longValueExact();
    } catch (ArithmeticException | NumberFormatException notWhole) {
      return null;
    }
  }

  private static Double number(String text) {
    try {
      double value = new BigDecimal(text).doubleValue();
      return Double.isFinite(value) ? value : null;
    } catch (NumberFormatException notANumber) {
      return null;
    }
  }

  private static Boolean bool(String text) {
    return YES.contains(text) ? Boolean.TRUE : NO.contains(text) ? Boolean.FALSE : null;
  }

  private static Path path(String text) {
    try {
      return text.isEmpty() ? null : Path.of(text);
    } catch (InvalidPathException notAPath) {
      return null;
    }
  }

  private static Duration duration(String text, ConfigValue value) {
    if (text.isEmpty() || Character.isDigit(text.charAt(text.length() - 1))) {
      return null;
    }
    try {
      return value.atKey("it").getDuration("it");
    } catch (ConfigException notADuration) {
      return null;
    }
  }
}
