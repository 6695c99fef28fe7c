package rto.node.settings;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/** {@link RecordBinder} backwards: a record as the one text that stands for it. */
final class SettingsText {

  private static final ConfigRenderOptions JSON =
      ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(true);

  private SettingsText() {}

  static String of(Record settings) {
    ConfigValue tree = ConfigValueFactory.fromMap(section(settings));
    return tree.render(JSON);
  }

  private static Map<String, Object> section(Record record) {
    Map<String, Object> section = new TreeMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      section.put(Keys.of(component), plain(read(component, record), component.getGenericType()));
    }
    return section;
  }

  /** A switched-off value becomes null, not an absent key: a default must not take its place. */
  private static Object plain(Object value, Type declared) {
    if (value instanceof Optional<?> o) {
      return o.map(v -> plain(v, Types.argument(declared))).orElse(null);
    }
    if (value instanceof OptionalInt o) {
      return o.isPresent() ? o.getAsInt() : null;
    }
    if (value instanceof OptionalDouble o) {
      return o.isPresent() ? o.getAsDouble() : null;
    }
    if (value instanceof List<?> items) {
      return items.stream().map(item -> plain(item, Types.argument(declared))).toList();
    }
    if (value instanceof Record record) {
      return Types.raw(declared).isRecord() ? section(record) : variant(record);
    }
    if (value instanceof Enum<?> constant) {
      return Keys.kebab(constant.name());
    }
    if (value instanceof Duration duration) {
      return text(duration);
    }
    return value instanceof Path ? value.toString() : value;
  }

  private static Map<String, Object> variant(Record record) {
    Map<String, Object> section = section(record);
    section.put("type", Keys.ofVariant(record.getClass()));
    return section;
  }

  private static String text(Duration duration) {
    long nanos = duration.toNanos();
    return nanos % 1_000_000_000 == 0
        ? duration.toSeconds() + "s"
        : nanos % 1_000_000 == 0 ? duration.toMillis() + "ms" : nanos + "ns";
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(component + ": cannot be read", impossible);
    }
  }
}
