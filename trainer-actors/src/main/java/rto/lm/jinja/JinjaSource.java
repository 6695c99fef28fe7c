package rto.lm.jinja;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rewrites a template of Python's Jinja into one that jinjava reads the same way.
 *
 * <ul>
 *   <li>White space: a minus strips all of it on its side; a block or comment takes the blanks
 *       before it on its line and the line break after it; the break at the end is dropped. Line
 *       breaks that are stripped move into the tag beside, so that lines keep their numbers.
 *   <li>Comments and the marks of what a model generated are dropped.
 *   <li>Expressions: see {@link JinjaExpression}.
 * </ul>
 */
final class JinjaSource {

  private static final Pattern OPENING = Pattern.compile("\\{[{%#]");
  private static final Pattern MARK = Pattern.compile("(end)?generation");
  private static final Pattern FILTERED_FOR =
      Pattern.compile(
          "for\\s.*\\sin\\s(?:(?!\\selse\\s).)*\\sif\\s(?:(?!\\selse\\s).)*", Pattern.DOTALL);
  private static final Pattern LOOP_CONTROL = Pattern.compile("break|continue");

  private final String text;
  private final StringBuilder out = new StringBuilder();
  private int at;

  /** Line breaks that were stripped and stand in no tag yet. */
  private int breaks;

  /** What the tag before strips from the text after it. */
  private Strip strip = Strip.NOTHING;

  private enum Strip {
    NOTHING,
    LINE_BREAK,
    ALL
  }

  JinjaSource(String text) {
    this.text = text.replace("\r\n", "\n").replaceFirst("\n\\z", "");
  }

  String translated() {
    Matcher opening = OPENING.matcher(text);
    while (opening.find(at)) {
      char kind = text.charAt(opening.start() + 1);
      int end = end(kind, opening.start());
      String body = text.substring(opening.start() + 2, end);
      plain(text.substring(at, opening.start()), kind, body);
      at = end + 2;
      tag(kind, body, lineOf(opening.start()));
    }
    plain(text.substring(at), '{', "");
    return out.toString();
  }

  private int lineOf(int position) {
    return 1 + (int) text.substring(0, position).chars().filter(c -> c == '\n').count();
  }

  /** Where the closing mark begins: the first that stands in no string. */
  private int end(char kind, int start) {
    String closing = kind == '{' ? "}}" : kind + "}";
    char quote = 0;
    for (int i = start + 2; i + 1 < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && text.startsWith(closing, i)) {
        return i;
      }
      if (kind != '#' && quote == 0 && (c == '\'' || c == '"')) {
        quote = c;
      } else if (quote != 0 && c == '\\') {
        i++;
      } else if (c == quote) {
        quote = 0;
      }
    }
    throw new JinjaError(lineOf(start), "{" + kind + ": not closed (expected: " + closing + ")");
  }

  /** Text between tags, as the tags on both sides leave it. */
  private void plain(String between, char kind, String body) {
    String left = between;
    if (strip == Strip.ALL) {
      left = PythonText.leftStripped(left, null);
    } else if (strip == Strip.LINE_BREAK && left.startsWith("\n")) {
      left = left.substring(1);
    }
    String kept = left;
    if (body.startsWith("-")) {
      kept = PythonText.rightStripped(kept, null);
    } else if (kind != '{' && !body.startsWith("+")) {
      kept = withoutIndentation(kept, left.length() == between.length() && !out.isEmpty());
    }
    breaks += count(between) - count(kept);
    out.append(kept);
  }

  /** Without the blanks after the last line break, if they begin a line. */
  private static String withoutIndentation(String kept, boolean insideLine) {
    String stripped = PythonText.rightStripped(kept, " \t");
    boolean begins = stripped.isEmpty() ? !insideLine : stripped.endsWith("\n");
    return begins ? stripped : kept;
  }

  private static int count(String text) {
    return (int) text.chars().filter(c -> c == '\n').count();
  }

  private void tag(char kind, String body, int line) {
    boolean minus = body.endsWith("-");
    strip = minus ? Strip.ALL : kind == '{' ? Strip.NOTHING : Strip.LINE_BREAK;
    int from = body.startsWith("-") || body.startsWith("+") ? 1 : 0;
    int to = Math.max(from, body.length() - (minus || body.endsWith("+") ? 1 : 0));
    String inner = body.substring(from, to);
    if (kind == '#' || MARK.matcher(inner.strip()).matches()) {
      breaks += count(body);
      return;
    }
    if (kind == '%') {
      refuseUnknown(inner.strip(), line);
    }
    out.append('{').append(kind).append("\n".repeat(breaks)).append(' ');
    out.append(new JinjaExpression(inner.strip()).translated());
    out.append("\n".repeat(count(inner) - count(inner.strip())));
    out.append(' ').append(kind == '{' ? '}' : kind).append('}');
    breaks = 0;
  }

  private static void refuseUnknown(String statement, int line) {
    if (FILTERED_FOR.matcher(statement).matches() || LOOP_CONTROL.matcher(statement).matches()) {
      throw new JinjaError(line, statement + " (expected: a loop without if, break or continue)");
    }
  }
}
