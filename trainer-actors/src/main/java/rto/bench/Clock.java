package rto.bench;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** What is counted as time. */
public enum Clock {
  /** What a user waits. */
  ELAPSED {
    @Override
    double now() {
      return System.nanoTime() * 1e-9;
    }

    @Override
    double each(double seconds, int workers) {
      return seconds;
    }
  },
  /**
   * What this process computed, divided by the threads that should have shared it. For a machine
   * that has other work as well; time that a thread waits is not counted.
   */
  PROCESSOR {
    @Override
    double now() {
      return C.clock() * 1e-6;
    }

    @Override
    double each(double seconds, int workers) {
      return seconds / workers;
    }
  };

  private static final LibC C = Native.load("c", LibC.class);

  /** Seconds since some moment; all threads' together if those are counted. */
  abstract double now();

  /** What of them falls to each of the workers that worked meanwhile. */
  abstract double each(double seconds, int workers);

  /** Starts a stopwatch. */
  Stopwatch start() {
    return new Stopwatch(this);
  }

  /** The C library tells a process's time to the microsecond, Java to a hundredth of a second. */
  private interface LibC extends Library {
    long clock();
  }
}
