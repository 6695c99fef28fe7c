package rto.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class RequireTest {

  @Test
  void allReportsEveryProblemAtOnce() {
    var invalid =
        catchThrowableOfType(
            InvalidValues.class,
            () ->
                Require.all(
                    Require.problem(false, "rate: %s (expected: > 0)", -1),
                    Require.problem(true, "width: %s (expected: > 0)", 3),
                    Require.problem(false, "depth: %s (expected: > 0)", 0)));

    assertThat(invalid.problems())
        .containsExactly("rate: -1 (expected: > 0)", "depth: 0 (expected: > 0)");
    assertThat(invalid).hasMessage("rate: -1 (expected: > 0); depth: 0 (expected: > 0)");
  }

  @Test
  void allIsSilentWhenEveryCheckHolds() {
    assertThatCode(() -> Require.all(Require.problem(true, "rate: %s", 1)))
        .doesNotThrowAnyException();
  }
}
