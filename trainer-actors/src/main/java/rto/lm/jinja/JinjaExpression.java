package rto.lm.jinja;

import java.util.regex.Pattern;

/**
 * What stands in a tag, rewritten where jinjava reads it otherwise than Python: a named argument
 * that is more than a name or a literal is put in parentheses ({@code n=a|length - 1} would be
 * {@code (n=a|length) - 1}), and {@code [::-1]} becomes the filter that does the same.
 */
final class JinjaExpression {

  private static final Pattern SIMPLE =
      Pattern.compile("\\s*([\\w.]*|'(?:[^'\\\\]|\\\\.)*'|\"(?:[^\"\\\\]|\\\\.)*\")\\s*");
  private static final String REVERSED = "[::-1]";
  private static final String COMPARISONS = "=!<>";

  private final String text;

  JinjaExpression(String text) {
    this.text = text;
  }

  String translated() {
    return text.startsWith("macro") ? text : translated(text);
  }

  private static String translated(String text) {
    StringBuilder out = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        int end = endOfString(text, i);
        out.append(text, i, end);
        i = end - 1;
      } else if (text.startsWith(REVERSED, i)) {
        out.append("|reverse|list");
        i += REVERSED.length() - 1;
      } else if (depth > 0 && isAssignment(text, i)) {
        int end = endOfArgument(text, i + 1);
        out.append('=').append(argument(text.substring(i + 1, end)));
        i = end - 1;
      } else {
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String argument(String value) {
    return SIMPLE.matcher(value).matches() ? value : "(" + translated(value) + ")";
  }

  private static boolean isAssignment(String text, int i) {
    return text.charAt(i) == '='
        && COMPARISONS.indexOf(text.charAt(i - 1)) < 0
        && i + 1 < text.length()
        && text.charAt(i + 1) != '=';
  }

  private static int endOfString(String text, int start) {
    for (int i = start + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == text.charAt(start)) {
        return i + 1;
      }
    }
    return text.length();
  }

  /** The comma or bracket after an argument. */
  private static int endOfArgument(String text, int start) {
    int depth = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\'' || c == '"') {
        i = endOfString(text, i) - 1;
      } else if ("([{".indexOf(c) >= 0) {
        depth++;
      } else if (depth == 0 && ",)".indexOf(c) >= 0) {
        return i;
      } else if (")]}".indexOf(c) >= 0) {
        depth--;
      }
    }
    return text.length();
  }
}
