package rto.node.settings;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import rto.protocol.InvalidValues;

/**
 * Makes one record of values that were read one by one, and collects what its constructor says.
 *
 * <p>If some values could not be read, the constructor still gets its chance to complain about the
 * others, so that a reader need not come back for them: stand-ins take the missing places, the
 * record is thrown away, and a complaint counts only if it begins with the key of a value that was
 * read and names none that was not.
 */
final class RecordConstruction {

  private final Class<?> type;
  private final RecordComponent[] components;
  private final List<Object> values = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  RecordConstruction(Class<?> type) {
    this.type = type;
    this.components = type.getRecordComponents();
  }

  /** The next component's value; empty if it could not be read. */
  void add(Optional<Object> value) {
    RecordComponent component = components[values.size()];
    if (value.isEmpty()) {
      unread.add(Keys.of(component));
    }
    values.add(value.orElseGet(() -> standIn(component.getType())));
  }

  /** The record, unless a value is unread or the constructor refuses. */
  Optional<Object> make() {
    try {
      Object made = constructor().newInstance(values.toArray());
      return unread.isEmpty() ? Optional.of(made) : Optional.empty();
    } catch (InvocationTargetException refused) {
      note(refused.getCause());
      return Optional.empty();
    } catch (ReflectiveOperationException impossible) {
      throw new IllegalStateException(type + ": cannot be constructed", impossible);
    }
  }

  List<String> problems() {
    return problems;
  }

  private void note(Throwable refusal) {
    if (refusal instanceof IllegalArgumentException invalid) {
      List<String> said =
          invalid instanceof InvalidValues several
              ? several.problems()
              : List.of(invalid.getMessage());
      said.stream().filter(this::counts).forEach(problems::add);
    } else if (unread.isEmpty()) {
      throw new IllegalStateException(type + ": its constructor failed", refusal);
    }
  }

  private boolean counts(String problem) {
    return unread.isEmpty()
        || (Keys.of(type).stream().anyMatch(key -> problem.startsWith(key + ":"))
            && unread.stream().noneMatch(problem::contains));
  }

  private Constructor<?> constructor() throws NoSuchMethodException {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<?> constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    return constructor;
  }

  private static Object standIn(Class<?> type) {
    if (type == OptionalInt.class) {
      return OptionalInt.empty();
    }
    if (type == OptionalDouble.class) {
      return OptionalDouble.empty();
    }
    if (type == Optional.class) {
      return Optional.empty();
    }
    if (type == List.class) {
      return List.of();
    }
    return type.isRecord() || type.isSealed() ? null : Scalars.placeholder(type);
  }
}
