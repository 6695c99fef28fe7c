package rto.node.settings;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The words of a message: what a type allows, and what was found instead. */
final class Expected {

  private static final int LONGEST_VALUE = 60;

  private Expected() {}

  static String of(Class<?> type) {
    if (type == List.class) {
      return "a list, like [a, b]";
    }
    if (type.isRecord()) {
      return "a section { ... } with the keys " + String.join(", ", Keys.of(type));
    }
    if (Types.isVariant(type)) {
      return Arrays.stream(type.getPermittedSubclasses())
          .map(Keys::ofVariant)
          .collect(Collectors.joining(", ", "one of ", ""));
    }
    return Scalars.expected(type);
  }

  /** The value on one line, quoted if it is a text, cut if it is long. */
  static String shortened(ConfigValue value) {
    String text =
        value.valueType() == ConfigValueType.STRING
            ? "\"" + value.unwrapped() + "\""
            : value.render(ConfigRenderOptions.concise());
    return text.length() <= LONGEST_VALUE ? text : text.substring(0, LONGEST_VALUE) + "...";
  }
}
