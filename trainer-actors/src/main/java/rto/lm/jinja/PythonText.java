package rto.lm.jinja;

import java.util.ArrayList;
import java.util.List;

/** What Python does to strings. {@code chars} null means white space. */
final class PythonText {

  private static final int NEXT_LINE = 0x85;

  private PythonText() {}

  static String stripped(String text, String chars) {
    return leftStripped(rightStripped(text, chars), chars);
  }

  static String leftStripped(String text, String chars) {
    int from = 0;
    while (from < text.length() && isOne(text.charAt(from), chars)) {
      from++;
    }
    return text.substring(from);
  }

  static String rightStripped(String text, String chars) {
    int to = text.length();
    while (to > 0 && isOne(text.charAt(to - 1), chars)) {
      to--;
    }
    return text.substring(0, to);
  }

  private static boolean isOne(char c, String chars) {
    return chars == null
        ? Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE
        : chars.indexOf(c) >= 0;
  }

  /**
   * The parts between separators; between white space, of which none is empty, without one.
   *
   * @throws PythonFunctions.Raised if the separator is empty, as in Python
   */
  static List<String> split(String text, String separator) {
    if (separator == null) {
      String stripped = stripped(text, null);
      return stripped.isEmpty() ? List.of() : List.of(stripped.split("(?U)\\s+"));
    }
    if (separator.isEmpty()) {
      throw new PythonFunctions.Raised("split: empty separator (expected: some text, or none)");
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator); at >= 0; at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }
}
