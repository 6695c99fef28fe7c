package rto.lm.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import jinjava.javax.el.ELContext;

/** The methods of Python's strings that chat templates call; Java's differ or are not there. */
final class PythonMethods extends NoProperties {

  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] parameters) {
    if (!(base instanceof CharSequence) || method == null) {
      return null;
    }
    List<String> with = Arrays.stream(parameters).map(String::valueOf).toList();
    Object result = call(base.toString(), method.toString(), with);
    context.setPropertyResolved(result != null);
    return result;
  }

  private static Object call(String text, String method, List<String> with) {
    String first = with.isEmpty() ? null : with.get(0);
    return switch (method + "/" + with.size()) {
      case "strip/0", "strip/1" -> PythonText.stripped(text, first);
      case "lstrip/0", "lstrip/1" -> PythonText.leftStripped(text, first);
      case "rstrip/0", "rstrip/1" -> PythonText.rightStripped(text, first);
      case "startswith/1" -> text.startsWith(first);
      case "endswith/1" -> text.endsWith(first);
      case "split/0", "split/1" -> PythonText.split(text, first);
      case "replace/2" -> text.replace(first, with.get(1));
      case "upper/0" -> text.toUpperCase(Locale.ROOT);
      case "lower/0" -> text.toLowerCase(Locale.ROOT);
      default -> null;
    };
  }
}
