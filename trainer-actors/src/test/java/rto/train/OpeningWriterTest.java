package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.data.CounterRandom;
import rto.data.FirstSentence;
import rto.data.world.WordTokenizerFiles;
import rto.lm.Decoder;
import rto.lm.Head;
import rto.lm.TextGenerator;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.Progress;
import rto.protocol.Sampling;
import rto.tensor.ComputePool;

/** A model of nine words that it says nearly at random, two of them ends of sentences. */
class OpeningWriterTest {

  private static final List<String> WORDS =
      List.of("a", "b", "c", "d", "e", "f", "g", ".", "Stop!");
  private static final Path STORIES =
      Path.of(System.getProperty("rto.stories260k", "../../shared/models/stories260k"));
  private static final DataSource.Openings WANTED = new DataSource.Openings(20, 10, 8);

  @TempDir Path temp;
  private Decoder model;
  private Tokenizer tokenizer;

  @BeforeEach
  void load() throws IOException {
    model = Tiny.untrained(5);
    WordTokenizerFiles.write(temp, WORDS);
    tokenizer = Tokenizer.load(temp, Tiny.config(new Head.Language(true)));
  }

  @AfterEach
  void close() {
    model.close();
    tokenizer.close();
  }

  @Test
  void thereAreAsManyAsWantedAllDifferentAndNoneOnBothSides() {
    RunPrompts prompts = write(WANTED, 1, 1);
    assertThat(prompts.train()).hasSize(20);
    assertThat(prompts.heldOut()).hasSize(10);
    assertThat(both(prompts)).doesNotHaveDuplicates();
  }

  @Test
  void eachIsTheFirstSentenceOfWhatTheModelSaysUnasked() {
    assertThat(sentences(1)).containsAll(both(write(WANTED, 1, 1)));
  }

  @Test
  void theBeginOfSequenceTokenCountsToTheLength() {
    // Of 8 tokens 7 are words; texts of 8 words are sampled, and some sentences have 8.
    assertThat(both(write(WANTED, 1, 1))).allMatch(opening -> opening.split(" ").length <= 7);
    assertThat(sentences(1)).anyMatch(sentence -> sentence.split(" ").length == 8);
  }

  @Test
  void theSeedDecidesAndNotTheNumberOfThreads() {
    RunPrompts one = write(WANTED, 1, 1);
    assertThat(write(WANTED, 1, 3)).isEqualTo(one);
    assertThat(write(WANTED, 2, 1)).isNotEqualTo(one);
  }

  @Test
  void frequentOpeningsFallOnBothSides() {
    // In the order of their first try the early ones, the most frequent, would all be trained on.
    List<String> early = new ArrayList<>(firstRound(1)).subList(0, 10);
    RunPrompts prompts = write(WANTED, 1, 1);
    assertThat(prompts.train()).containsAnyElementsOf(early);
    assertThat(prompts.heldOut()).containsAnyElementsOf(early);
  }

  @Test
  void whoAsksForMoreThanThereAreIsToldWhatToChange() {
    // One word behind <s>: the only sentence is "Stop!".
    assertThatThrownBy(() -> write(new DataSource.Openings(9, 1, 2), 1, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "openings: 1 different ones in 160 tries (expected: 10, data.prompts and data.held-out;"
                + " ask for fewer, or let them be longer than data.max-tokens, 2)");
  }

  @Test
  void progressIsShownWhileItSamples() {
    List<Long> done = new ArrayList<>();
    Progress progress = (stage, unit, total) -> recording(stage + " of " + total, done);
    try (ComputePool pool = new ComputePool("test", 1)) {
      new OpeningWriter(tokenizer, pool, progress, 16).write(model, WANTED, 1);
    }
    assertThat(done).hasSizeGreaterThan(1).isSorted().endsWith(30L);
  }

  @Test
  void aRealModelBeginsStories() throws IOException {
    assumeTrue(
        Files.isDirectory(STORIES),
        "skipped: no checkpoint in " + STORIES + " (set -Drto.stories260k=FOLDER)");
    try (Decoder stories = HfCheckpoint.load(STORIES);
        Tokenizer words = Tokenizer.ofModel(STORIES);
        ComputePool pool = new ComputePool("test", 2)) {
      RunPrompts prompts =
          new OpeningWriter(words, pool, Progress.silent(), 64)
              .write(stories, new DataSource.Openings(48, 16, 48), 1);
      assertThat(both(prompts)).hasSize(64).doesNotHaveDuplicates();
      assertThat(both(prompts)).allMatch(opening -> words.encode(opening).length <= 48);
      assertThat(prompts.train()).anyMatch(opening -> opening.startsWith("Once upon a time"));
      assertThat(prompts.heldOut()).anyMatch(opening -> opening.startsWith("Once upon a time"));
    }
  }

  private RunPrompts write(DataSource.Openings wanted, long seed, int threads) {
    try (ComputePool pool = new ComputePool("test", threads)) {
      return new OpeningWriter(tokenizer, pool, Progress.silent(), 16).write(model, wanted, seed);
    }
  }

  /** The first sentences of 16 rounds of 30 texts. */
  private Set<String> sentences(long seed) {
    Set<String> sentences = new HashSet<>();
    for (int round = 0; round < 16; round++) {
      sentences.addAll(sentences(seed, round));
    }
    return sentences;
  }

  private List<String> firstRound(long seed) {
    return sentences(seed, 0).stream()
        .filter(sentence -> sentence.split(" ").length <= 7)
        .distinct()
        .toList();
  }

  private List<String> sentences(long seed, int round) {
    long stream = CounterRandom.of(31, round);
    try (TextGenerator generator = new TextGenerator(model, 30)) {
      return generator
          .generate(
              Collections.nCopies(30, new int[] {Tiny.BEGIN}),
              Sampling.plain(8),
              Tiny.END,
              (i, h) -> CounterRandom.unit(CounterRandom.of(seed, stream, i, h)))
          .stream()
          .flatMap(text -> FirstSentence.of(tokenizer.decode(text.tokens())).stream())
          .toList();
    }
  }

  private static List<String> both(RunPrompts prompts) {
    List<String> both = new ArrayList<>(prompts.train());
    both.addAll(prompts.heldOut());
    return both;
  }

  private static Progress.Stage recording(String what, List<Long> done) {
    assertThat(what).isEqualTo("openings of 30");
    return new Progress.Stage() {
      @Override
      public void step(long steps, Map<String, Double> numbers) {
        done.add(steps);
      }

      @Override
      public void close() {}
    };
  }
}
