package rto.metrics;

import java.util.Map;

/** Tells whoever waits how far a long loop is. Every loop of more than a few seconds has one. */
public interface Progress {

  /**
   * Starts a stage; close it when it ends, however it ends.
   *
   * @param stage what runs, in a word or two: {@code "reward model"}
   * @param unit what is counted, in the plural: {@code "steps"}
   * @param total how many there will be
   */
  Stage begin(String stage, String unit, long total);

  /** A stage in work. Used by one thread. */
  interface Stage extends AutoCloseable {

    /**
     * @param done how many of the total are done, those of an earlier, interrupted run included
     * @param numbers worth a glance, by their name in {@link MetricNames}; shown in that order
     */
    void step(long done, Map<String, Double> numbers);

    /** Tells in a few words what is in work, from now on. */
    default void doing(String what) {}

    @Override
    void close();
  }

  /** Tells nobody. */
  static Progress silent() {
    return (stage, unit, total) -> SilentStage.INSTANCE;
  }
}
