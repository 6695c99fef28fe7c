package rto.bench;

/** Seconds between laps. */
final class Stopwatch {

  private final Clock clock;
  private double last;

  Stopwatch(Clock clock) {
    this.clock = clock;
    this.last = clock.now();
  }

  /**
   * Since the lap before this one, or since it was made.
   *
   * @param workers threads that worked meanwhile
   */
  double lap(int workers) {
    double now = clock.now();
    double seconds = clock.each(now - last, workers);
    last = now;
    return seconds;
  }
}
