package rto.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What the process held while it learned and sampled for long.
 *
 * @param steps learner steps of each course, and as many tasks sampled and scored
 * @param courses one for each kind of kernels
 */
public record EnduranceReport(Machine machine, int steps, List<Course> courses) {

  /** How far the resident size may spread after warm-up. */
  public static final double ALLOWED = 0.02;

  /**
   * @throws IllegalStateException naming the courses in which the resident size did not stay flat
   */
  public void requireFlat() {
    List<String> steep =
        courses.stream()
            .filter(course -> !course.flat())
            .map(course -> "%s %.1f %%".formatted(course.name(), 100 * course.residentSpread()))
            .toList();
    if (!steep.isEmpty()) {
      throw new IllegalStateException(
          "resident size after warm-up: spread of %s (expected: at most %.0f %%)"
              .formatted(String.join(", ", steep), 100 * ALLOWED));
    }
  }

  /** The part of a course that warms up: libraries load, caches fill, the Java heap grows. */
  private static final double WARM_UP = 0.2;

  /**
   * @param steps taken so far
   * @param resident bytes of the process
   * @param nativeHeap bytes that native code has allocated and not freed
   * @param javaHeap bytes used of the Java heap, garbage included
   * @param openArrays tensors in open scopes
   */
  public record Point(
      int steps, double resident, double nativeHeap, double javaHeap, int openArrays) {}

  /**
   * @param name of the kernels
   * @param points in order
   */
  public record Course(String name, List<Point> points) {

    /** The largest resident size after warm-up less the smallest, as a part of the smallest. */
    public double residentSpread() {
      return spread(Point::resident);
    }

    /** The same of what native code holds. */
    public double nativeSpread() {
      return spread(Point::nativeHeap);
    }

    /** Whether the resident size stayed flat. */
    public boolean flat() {
      return residentSpread() <= ALLOWED;
    }

    private double spread(ToDoubleFunction<Point> number) {
      List<Point> settled = points.subList((int) (WARM_UP * points.size()), points.size());
      double least = settled.stream().mapToDouble(number).min().orElseThrow();
      double most = settled.stream().mapToDouble(number).max().orElseThrow();
      return (most - least) / least;
    }
  }
}
