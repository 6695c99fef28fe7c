package rto.protocol;

import java.util.List;

/** Several values are wrong at once; each problem reads {@code name: value (expected: ...)}. */
public final class InvalidValues extends IllegalArgumentException {

  private final transient List<String> problems;

  public InvalidValues(List<String> problems) {
    super(String.join("; ", problems));
    this.problems = List.copyOf(problems);
  }

  public List<String> problems() {
    return problems;
  }
}
