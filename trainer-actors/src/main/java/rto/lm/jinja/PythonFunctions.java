package rto.lm.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** The functions that transformers gives to chat templates. Public for jinjava alone. */
public final class PythonFunctions {

  private static final LocalDateTime NOW = LocalDateTime.of(2024, 7, 26, 0, 0);

  /** Python's letter to Java's pattern. */
  private static final Map<Character, String> PATTERNS =
      Map.ofEntries(
          Map.entry('a', "EEE"),
          Map.entry('A', "EEEE"),
          Map.entry('b', "MMM"),
          Map.entry('B', "MMMM"),
          Map.entry('d', "dd"),
          Map.entry('H', "HH"),
          Map.entry('I', "hh"),
          Map.entry('j', "DDD"),
          Map.entry('m', "MM"),
          Map.entry('M', "mm"),
          Map.entry('p', "a"),
          Map.entry('S', "ss"),
          Map.entry('y', "yy"),
          Map.entry('Y', "yyyy"),
          Map.entry('%', "'%'"));

  private PythonFunctions() {}

  /** What a template says when it refuses. */
  static final class Raised extends RuntimeException {
    private static final long serialVersionUID = 1;

    Raised(String message) {
      super(message);
    }
  }

  /** raise_exception. */
  public static String raise(String message) {
    throw new Raised(message);
  }

  /** strftime_now. */
  public static String date(String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      text.append(c == '%' && i + 1 < format.length() ? part(format.charAt(++i)) : c);
    }
    return text.toString();
  }

  private static String part(char letter) {
    String pattern = PATTERNS.get(letter);
    if (pattern == null) {
      throw new Raised(
          "strftime_now: %" + letter + " (expected: one of " + PATTERNS.keySet() + ")");
    }
    return DateTimeFormatter.ofPattern(pattern, Locale.US).format(NOW);
  }
}
