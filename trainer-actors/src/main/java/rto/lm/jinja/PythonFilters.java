package rto.lm.jinja;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.lib.filter.AdvancedFilter;
import java.util.Map;

/** Filters that jinjava has, too, but not as Python has them. */
final class PythonFilters {

  private static final ObjectMapper JSON = new ObjectMapper();

  private PythonFilters() {}

  /** Without the white space, or the given characters, at both ends. */
  static final class Trim implements AdvancedFilter {

    @Override
    public String getName() {
      return "trim";
    }

    @Override
    public Object filter(
        Object value, JinjavaInterpreter interpreter, Object[] args, Map<String, Object> named) {
      Object chars = args.length > 0 ? args[0] : named.get("chars");
      return PythonText.stripped(
          value == null ? "" : value.toString(), chars == null ? null : chars.toString());
    }
  }

  /** json.dumps: a blank after colons and commas, or one entry a line with {@code indent}. */
  static final class ToJson implements AdvancedFilter {

    @Override
    public String getName() {
      return "tojson";
    }

    @Override
    public Object filter(
        Object value, JinjavaInterpreter interpreter, Object[] args, Map<String, Object> named) {
      Object indent = named.get("indent");
      try {
        return JSON.writer(indent instanceof Number n ? lines(n.intValue()) : oneLine())
            .writeValueAsString(value);
      } catch (JsonProcessingException e) {
        throw new PythonFunctions.Raised("tojson: " + e.getOriginalMessage());
      }
    }

    private static DefaultPrettyPrinter oneLine() {
      DefaultPrettyPrinter.Indenter none = DefaultPrettyPrinter.NopIndenter.instance;
      return printer(Separators.Spacing.AFTER).withObjectIndenter(none).withArrayIndenter(none);
    }

    private static DefaultPrettyPrinter lines(int indent) {
      DefaultPrettyPrinter.Indenter each = new DefaultIndenter(" ".repeat(indent), "\n");
      return printer(Separators.Spacing.NONE).withObjectIndenter(each).withArrayIndenter(each);
    }

    private static DefaultPrettyPrinter printer(Separators.Spacing afterComma) {
      return new DefaultPrettyPrinter(
          Separators.createDefaultInstance()
              .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
              .withObjectEntrySpacing(afterComma)
              .withArrayValueSpacing(afterComma)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator(""));
    }
  }
}
