package rto.bench;

import java.util.function.DoubleSupplier;

/** Two ways of doing the same, timed in turns: A, B, A, B, .. after one of each to warm up. */
record Turns(Spread ours, Spread eager, Spread ratio) {

  static Turns of(int repeats, DoubleSupplier ours, DoubleSupplier eager, Runnable told) {
    double[] a = new double[repeats];
    double[] b = new double[repeats];
    double[] ratio = new double[repeats];
    for (int i = -1; i < repeats; i++) {
      double secondsOfOurs = ours.getAsDouble();
      double secondsOfEager = eager.getAsDouble();
      told.run();
      if (i >= 0) {
        a[i] = secondsOfOurs;
        b[i] = secondsOfEager;
        ratio[i] = secondsOfEager / secondsOfOurs;
      }
    }
    return new Turns(Spread.of(a), Spread.of(b), Spread.of(ratio));
  }
}
