package rto.train;

import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import rto.data.CounterRandom;
import rto.data.FirstSentence;
import rto.lm.Decoder;
import rto.lm.io.Tokenizer;
import rto.metrics.Progress;
import rto.protocol.Sampling;
import rto.tensor.ComputePool;

/**
 * How a model begins when nobody asks it anything: texts sampled at temperature 1 from the
 * begin-of-sequence token alone, each cut after its first sentence. What does not come to the end
 * of a sentence is dropped, and so is what was there before.
 *
 * <pre>
 *   token h of try i in round r is drawn with the number of (seed, 31, r, i, h)
 *   openings in the order of their first try, then shuffled by the seed: the frequent ones, which
 *   come early, fall on both sides alike
 * </pre>
 *
 * @param generationBatch texts sampled at once
 */
record OpeningWriter(
    Tokenizer tokenizer, ComputePool pool, Progress progress, int generationBatch) {

  private static final long STREAM = 31;
  private static final int LARGEST_ROUND = 512;
  private static final int TRIES_PER_OPENING = 16;
  private static final String NOTHING = "";

  /**
   * As many different openings as wanted, none of them on both sides.
   *
   * @throws IllegalStateException if the model does not give so many in 16 tries for each
   */
  RunPrompts write(Decoder model, DataSource.Openings wanted, long seed) {
    int count = Math.addExact(wanted.prompts(), wanted.heldOut());
    List<String> openings = different(model, count, wanted.maxTokens(), seed);
    List<String> shuffled =
        Arrays.stream(CounterRandom.permutation(count, CounterRandom.of(seed, STREAM)))
            .mapToObj(openings::get)
            .toList();
    return new RunPrompts(
        shuffled.subList(0, wanted.prompts()), shuffled.subList(wanted.prompts(), count));
  }

  private List<String> different(Decoder model, int count, int maxTokens, long seed) {
    Responder responder = new Responder(tokenizer, pool, Progress.silent(), generationBatch);
    List<String> round = Collections.nCopies(Math.min(count, LARGEST_ROUND), NOTHING);
    Set<String> found = new LinkedHashSet<>();
    try (Progress.Stage shown = progress.begin("openings", "openings", count)) {
      for (long tries = 0; found.size() < count; tries += round.size()) {
        requireMoreTries(tries, found.size(), count, maxTokens);
        long stream = CounterRandom.of(STREAM, tries / round.size());
        responder
            .respond("openings", model, round, Sampling.plain(maxTokens), seed, stream)
            .forEach(reply -> opening(reply.text(), maxTokens).ifPresent(found::add));
        shown.step(Math.min(found.size(), count), Map.of());
      }
    }
    return found.stream().limit(count).toList();
  }

  private Optional<String> opening(String text, int maxTokens) {
    return FirstSentence.of(text).filter(s -> tokenizer.encode(s).length <= maxTokens);
  }

  private static void requireMoreTries(long tries, int found, int count, int maxTokens) {
    if (tries >= (long) TRIES_PER_OPENING * count) {
      throw new IllegalStateException(
          ("openings: %s different ones in %s tries (expected: %s, data.prompts and data.held-out;"
                  + " ask for fewer, or let them be longer than data.max-tokens, %s)")
              .formatted(found, tries, count, maxTokens));
    }
  }
}
