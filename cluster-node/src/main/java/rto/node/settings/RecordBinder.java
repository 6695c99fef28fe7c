package rto.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads a config into nested records. A component {@code learningRate} is the key {@code
 * learning-rate}; its type says what is allowed:
 *
 * <ul>
 *   <li>int, long, double, boolean, String, Path, Duration, enums (in kebab-case)
 *   <li>a record: a section; {@code List<T>}: a list
 *   <li>Optional, OptionalInt, OptionalDouble: an absent key, {@code null} or {@code off} means off
 *   <li>a sealed interface over records: the variant's name, or a section whose {@code type} is
 *       that name (see {@link rto.protocol.Named}); defaults (from a resource) that belong to other
 *       variants are left out, and so are those of {@link rto.protocol.NoDefault} keys
 *   <li>an absent key of a component with {@link rto.protocol.AbsentMeans} means that value
 * </ul>
 *
 * Ranges are checked by the records themselves: an IllegalArgumentException of a constructor is
 * reported under the record's path. Every problem of the whole config is reported at once.
 */
public final class RecordBinder {

  private static final Set<Class<?>> OPTIONAL =
      Set.of(Optional.class, OptionalInt.class, OptionalDouble.class);
  private static final String TYPE = "type";

  private final Class<?> root;
  private final List<String> problems = new ArrayList<>();

  private RecordBinder(Class<?> root) {
    this.root = root;
  }

  /**
   * @throws ConfigMistakes with all problems
   */
  public static <R extends Record> R bind(Config config, Class<R> type) {
    var binder = new RecordBinder(type);
    Optional<Object> bound = binder.section(type, config.root(), "", Set.of());
    if (!binder.problems.isEmpty()) {
      throw new ConfigMistakes(binder.problems);
    }
    return type.cast(bound.orElseThrow());
  }

  /** Reads one value; empty if it has a problem, which is noted. {@code value} may be null. */
  private Optional<Object> value(Type type, ConfigValue value, String path) {
    Class<?> raw = Types.raw(type);
    if (OPTIONAL.contains(raw)) {
      return optional(type, value, path);
    }
    if (raw.isRecord()) {
      return section(raw, value, path, Set.of());
    }
    if (isAbsent(value)) {
      return problem("%s: missing (expected: %s)", path, Expected.of(raw));
    }
    if (raw == List.class) {
      return list(Types.argument(type), value, path);
    }
    if (Types.isVariant(raw)) {
      return variant(raw, value, path);
    }
    Optional<Object> scalar = Scalars.parse(raw, value);
    return scalar.isPresent() ? scalar : wrong(path, value, Expected.of(raw));
  }

  private Optional<Object> optional(Type type, ConfigValue value, String path) {
    boolean off = isAbsent(value) || Scalars.text(value).equals("off");
    if (Types.raw(type) == OptionalInt.class) {
      return off
          ? Optional.of(OptionalInt.empty())
          : value(int.class, value, path).map(v -> OptionalInt.of((Integer) v));
    }
    if (Types.raw(type) == OptionalDouble.class) {
      return off
          ? Optional.of(OptionalDouble.empty())
          : value(double.class, value, path).map(v -> OptionalDouble.of((Double) v));
    }
    return off
        ? Optional.of(Optional.empty())
        : value(Types.argument(type), value, path).map(Optional::of);
  }

  private Optional<Object> list(Type itemType, ConfigValue value, String path) {
    if (value.valueType() != ConfigValueType.LIST) {
      return wrong(path, value, "a list, like [a, b]");
    }
    ConfigList items = (ConfigList) value;
    List<Object> bound = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      value(itemType, items.get(i), path + "[" + i + "]").ifPresent(bound::add);
    }
    return bound.size() == items.size() ? Optional.of(List.copyOf(bound)) : Optional.empty();
  }

  private Optional<Object> variant(Class<?> sealed, ConfigValue value, String path) {
    boolean isSection = value.valueType() == ConfigValueType.OBJECT;
    ConfigObject section = isSection ? (ConfigObject) value : ConfigFactory.empty().root();
    ConfigValue name = isSection ? section.get(TYPE) : value;
    String namePath = isSection ? Keys.join(path, TYPE) : path;
    if (isAbsent(name)) {
      return problem("%s: missing (expected: %s)", namePath, Expected.of(sealed));
    }
    return Arrays.stream(sealed.getPermittedSubclasses())
        .filter(variant -> Keys.ofVariant(variant).equals(Scalars.text(name)))
        .findFirst()
        .map(variant -> section(variant, withoutOthers(section, variant), path, Set.of(TYPE)))
        .orElseGet(() -> wrong(namePath, name, Expected.of(sealed)));
  }

  /** The section without the defaults that do not suit this variant. */
  private ConfigObject withoutOthers(ConfigObject section, Class<?> variant) {
    List<String> keys = Keys.withDefaults(variant);
    ConfigObject kept = section;
    for (String key : section.keySet()) {
      if (Origins.isDefault(section.get(key)) && !key.equals(TYPE) && !keys.contains(key)) {
        kept = kept.withoutKey(key);
      }
    }
    return kept;
  }

  /** A section that is absent is read as an empty one, so that each missing key is named. */
  private Optional<Object> section(
      Class<?> type, ConfigValue value, String path, Set<String> alsoKnown) {
    if (!isAbsent(value) && value.valueType() != ConfigValueType.OBJECT) {
      return wrong(path, value, Expected.of(type));
    }
    ConfigObject section = isAbsent(value) ? ConfigFactory.empty().root() : (ConfigObject) value;
    int before = problems.size();
    List<String> keys = Stream.concat(alsoKnown.stream(), Keys.of(type).stream()).toList();
    section.keySet().stream()
        .filter(key -> !keys.contains(key))
        .sorted()
        .forEach(key -> unknown(key, section.get(key), keys, path));
    var construction = new RecordConstruction(type);
    for (RecordComponent component : type.getRecordComponents()) {
      String key = Keys.of(component);
      ConfigValue given = section.containsKey(key) ? section.get(key) : Keys.unsaid(component);
      construction.add(value(component.getGenericType(), given, Keys.join(path, key)));
    }
    Optional<Object> made = construction.make();
    construction.problems().forEach(p -> problems.add(placed(p, section, path)));
    return problems.size() == before ? made : Optional.empty();
  }

  private void unknown(String key, ConfigValue value, List<String> keys, String path) {
    String hint =
        Keys.nearest(key, keys)
            .or(() -> Keys.elsewhere(Keys.join(path, key), key, Types.paths(root)))
            .map(near -> "did you mean " + near + "?")
            .orElse("expected: one of " + String.join(", ", keys));
    problems.add(Keys.join(path, key) + ": unknown key (" + hint + ")" + Origins.of(value));
  }

  /** A record's own complaint, under its path, with the line of the key that it begins with. */
  private static String placed(String problem, ConfigObject section, String path) {
    String key = problem.split("[:.\\[]", 2)[0];
    ConfigValue value = section.get(key);
    return (value != null || problem.startsWith(key + ":") && !key.contains(" "))
        ? Keys.join(path, problem) + (value == null ? "" : Origins.of(value))
        : path.isEmpty() ? problem : path + ": " + problem;
  }

  private Optional<Object> wrong(String path, ConfigValue value, String expected) {
    problems.add(
        "%s: %s (expected: %s)%s"
            .formatted(path, Expected.shortened(value), expected, Origins.of(value)));
    return Optional.empty();
  }

  private Optional<Object> problem(String format, Object... args) {
    problems.add(format.formatted(args));
    return Optional.empty();
  }

  private static boolean isAbsent(ConfigValue value) {
    return value == null || value.valueType() == ConfigValueType.NULL;
  }
}
