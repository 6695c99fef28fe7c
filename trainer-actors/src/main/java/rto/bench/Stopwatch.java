package rto.bench;

import rto.tensor.Torch;

/** Seconds between laps; what a GPU was told to do before a lap is part of it. */
final class Stopwatch {

  private final Clock clock;
  private double last;

  Stopwatch(Clock clock) {
    this.clock = clock;
    Torch.awaitDevice();
    this.last = clock.now();
  }

  /**
   * Since the lap before this one, or since it was made.
   *
   * @param workers threads that worked meanwhile
   */
  double lap(int workers) {
    Torch.awaitDevice();
    double now = clock.now();
    double seconds = clock.each(now - last, workers);
    last = now;
    return seconds;
  }
}
