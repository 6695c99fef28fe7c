package rto.node.settings;

import java.util.List;

/**
 * The settings cannot be used. One line per mistake, all of them; the program ends with status 2.
 */
public final class ConfigMistakes extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> problems;

  public ConfigMistakes(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** Each reads {@code path: value (expected: ...) [file:line]}. */
  public List<String> problems() {
    return problems;
  }
}
