package rto.node.dashboard;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import rto.bench.EnduranceReport;
import rto.bench.EnduranceReport.Course;
import rto.bench.EnduranceReport.Point;

/** What {@code rto bench --endurance} found, for the console. */
public final class EnduranceText {

  private static final int ROWS = 20;
  private static final double MIB = 1 << 20;

  private EnduranceText() {}

  public static String of(EnduranceReport report) {
    StringBuilder text = new StringBuilder(BenchText.machine(report.machine()));
    for (Course course : report.courses()) {
      text.append(
          BenchText.lines(
              "",
              "kernels %s: %,d learner steps, %,d tasks sampled and scored; MiB"
                  .formatted(course.name(), report.steps(), report.steps()),
              "",
              ConsoleTable.align(rows(course)),
              verdict(course)));
    }
    return text.toString();
  }

  private static List<List<String>> rows(Course course) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("steps", "resident", "native", "java heap", "open arrays"));
    int every = Math.max(1, course.points().size() / ROWS);
    for (int i = every - 1; i < course.points().size(); i += every) {
      rows.add(row(course.points().get(i)));
    }
    return rows;
  }

  private static List<String> row(Point point) {
    return List.of(
        Integer.toString(point.steps()),
        mib(point.resident()),
        mib(point.nativeHeap()),
        mib(point.javaHeap()),
        Integer.toString(point.openArrays()));
  }

  private static String verdict(Course course) {
    return String.format(
        Locale.ROOT,
        "after the first fifth the resident size spread over %.2f %%, native memory over %.2f %%: %s",
        100 * course.residentSpread(),
        100 * course.nativeSpread(),
        course.flat() ? "flat" : "not flat");
  }

  private static String mib(double bytes) {
    return String.format(Locale.ROOT, "%.2f", bytes / MIB);
  }
}
