package rto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.bench.EnduranceReport.Course;
import rto.bench.EnduranceReport.Point;

class EnduranceReportTest {

  @Test
  void whatHappensWhileItWarmsUpDoesNotCount() {
    Course course = course(10, 50, 100, 101, 100, 101, 100, 100, 100, 100);
    assertThat(course.residentSpread()).isCloseTo(0.01, within(1e-12));
    assertThatCode(() -> report(course).requireFlat()).doesNotThrowAnyException();
  }

  @Test
  void memoryThatGrowsIsToldWithTheKernels() {
    Course course = course(100, 100, 100, 101, 102, 103, 104, 105, 106, 107);
    assertThatIllegalStateException()
        .isThrownBy(() -> report(course(1, 1, 1, 1, 1), course).requireFlat())
        .withMessage(
            "resident size after warm-up: spread of kernels 7.0 % (expected: at most 2 %)");
  }

  private static EnduranceReport report(Course... courses) {
    return new EnduranceReport(Machine.here(1, Clock.ELAPSED), 10, List.of(courses));
  }

  private static Course course(double... resident) {
    return new Course(
        "kernels",
        IntStream.range(0, resident.length)
            .mapToObj(i -> new Point(i, resident[i], 1, 1, 1))
            .toList());
  }
}
