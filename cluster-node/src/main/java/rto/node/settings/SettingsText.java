package rto.node.settings;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** {@link RecordBinder} backwards: a record as the one text that stands for it. */
final class SettingsText {

  private static final ConfigRenderOptions JSON =
      ConfigRenderOptions.defaults().setOriginComments(false).setComments(false).setJson(true);

  private SettingsText() {}

  static String of(Record settings) {
    ConfigValue tree = ConfigValueFactory.fromMap(section(settings));
    return tree.render(JSON);
  }

  static List<String> differences(Record a, Record b) {
    List<String> paths = new ArrayList<>();
    addDifferences(section(a), section(b), "", paths);
    return paths;
  }

  private static void addDifferences(
      Map<?, ?> a, Map<?, ?> b, String path, List<String> differences) {
    Set<String> keys = new TreeSet<>();
    Stream.of(a, b).forEach(side -> side.keySet().forEach(key -> keys.add(key.toString())));
    for (String key : keys) {
      String here = Keys.join(path, key);
      if (a.get(key) instanceof Map<?, ?> x && b.get(key) instanceof Map<?, ?> y) {
        addDifferences(x, y, here, differences);
      } else if (!Objects.equals(a.get(key), b.get(key))) {
        differences.add(here);
      }
    }
  }

  private static Map<String, Object> section(Record record) {
    Map<String, Object> section = new TreeMap<>();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = plain(read(component, record), component.getGenericType());
      if (!goesWithoutSaying(component, value)) {
        section.put(Keys.of(component), value);
      }
    }
    return section;
  }

  private static boolean goesWithoutSaying(RecordComponent component, Object value) {
    ConfigValue unsaid = Keys.unsaid(component);
    if (unsaid == null) {
      return false;
    }
    return unsaid.unwrapped() instanceof Number number && value instanceof Number own
        ? number.doubleValue() == own.doubleValue()
        : String.valueOf(unsaid.unwrapped()).equals(value == null ? "off" : String.valueOf(value));
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
