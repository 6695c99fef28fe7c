package rto.node.settings;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the declared types of settings records say. */
final class Types {

  private Types() {}

  /** {@code List} of {@code List<Path>}. */
  static Class<?> raw(Type type) {
    return (Class<?>) (type instanceof ParameterizedType p ? p.getRawType() : type);
  }

  /** {@code Path} of {@code List<Path>}. */
  static Type argument(Type type) {
    return ((ParameterizedType) type).getActualTypeArguments()[0];
  }

  /** A sealed interface over records; an enum whose constants have bodies is sealed, too. */
  static boolean isVariant(Class<?> type) {
    return type.isSealed() && !type.isEnum();
  }

  /** Every path that a config for {@code record} may hold, sections included. */
  static List<String> paths(Class<?> record) {
    List<String> paths = new ArrayList<>();
    addPaths(record, "", paths);
    return paths;
  }

  private static void addPaths(Class<?> record, String path, List<String> paths) {
    for (RecordComponent component : record.getRecordComponents()) {
      String here = Keys.join(path, Keys.of(component));
      paths.add(here);
      sections(component.getGenericType()).forEach(section -> addPaths(section, here, paths));
    }
  }

  private static List<Class<?>> sections(Type type) {
    Class<?> raw = raw(type);
    if (raw == Optional.class) {
      return sections(argument(type));
    }
    return raw.isRecord()
        ? List.of(raw)
        : isVariant(raw) ? Arrays.asList(raw.getPermittedSubclasses()) : List.of();
  }
}
