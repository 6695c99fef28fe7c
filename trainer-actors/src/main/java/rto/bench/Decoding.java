package rto.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import rto.data.CounterRandom;
import rto.lm.TextGenerator;
import rto.protocol.Sampling;

/**
 * Sampling from next to nothing: prompts of one token, so that all but one token in {@link #TOKENS}
 * is a decoding step.
 *
 * @param generator that all of them share
 * @param workers that sample at the same time
 * @param batch sequences of each
 */
record Decoding(TextGenerator generator, Crew crew, int workers, int batch) {

  private static final int TOKENS = 128;
  private static final int NO_END = -1;
  private static final int SEED = 1;

  long tokens() {
    return (long) workers * batch * TOKENS;
  }

  /** Returns the seconds it took. */
  double run() {
    Stopwatch watch = crew.clock().start();
    List<int[]> prompts = Collections.nCopies(batch, new int[] {BenchShape.BEGIN});
    List<Callable<List<TextGenerator.Response>>> parts = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      int first = worker * batch;
      parts.add(
          () ->
              generator.generate(
                  prompts,
                  Sampling.plain(TOKENS),
                  NO_END,
                  (request, position) ->
                      CounterRandom.unit(CounterRandom.of(SEED, first + request, position))));
    }
    crew.pool().map(parts);
    return watch.lap(Crew.busy(workers));
  }
}
