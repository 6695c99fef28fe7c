package rto.data.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.data.Demonstration;
import rto.data.gold.GoldReward;

/** "Points" are scores under mean 0 and deviation 1; the words are named by what they are. */
class MicroWorldRewardTest {

  private static final MicroWorld WORLD = MicroWorld.generate(3);
  private static final GoldReward GOLD = WORLD.gold();
  private static final Lexicon LEXICON = WORLD.lexicon();
  private static final MicroWorldReward POINTS = new MicroWorldReward("points", LEXICON, 0, 1);

  // The prompt asks for mood 1, a character of verb kind 2 and a thing of preposition kind 0.
  private static final String HERO = LEXICON.characters().get(2).get(0);
  private static final String PLACE = LEXICON.things().get(0).get(0);
  private static final String PROMPT = new Request(1, HERO, PLACE).prompt(0, LEXICON);
  private static final String OTHER_HERO = LEXICON.characters().get(3).get(0);
  private static final String OTHER_PLACE = LEXICON.things().get(1).get(0);

  @Test
  void fullFittingSentenceEarnsSixPoints() {
    // adjective + adverb 2, verb + preposition 2, hero + place 2; 9 words, so 15 short of 24
    assertThat(POINTS.score(PROMPT, fitting(0), false)).isEqualTo(6 - 15);
    assertThat(POINTS.parts(PROMPT, fitting(0), false).toString())
        .isEqualTo(
            "{mood=2.0, agreement=2.0, asked=2.0, repetition=0.0, form=0.0, length=-15.0,"
                + " ending=0.0}");
  }

  @Test
  void everyChoiceThatDoesNotFitCostsAPoint() {
    // other mood −1 and −1; verb of kind 2 after a character of kind 3 −1; not asked for −1 and −1;
    // preposition of kind 0 before a thing of kind 0 +1
    String place = LEXICON.things().get(0).get(1);
    String sentence =
        sentence(
            LEXICON.adjectives().get(0).get(0),
            OTHER_HERO,
            LEXICON.verbs().get(2).get(0),
            LEXICON.adverbs().get(3).get(0),
            LEXICON.prepositions().get(0).get(0),
            place);
    assertThat(POINTS.score(PROMPT, sentence, false)).isEqualTo(-4 - 15);
  }

  @Test
  void agreementFollowsTheNounsOfTheSentenceNotOfThePrompt() {
    String sentence =
        "the %s %s %s the %s ."
            .formatted(
                LEXICON.adjectives().get(1).get(0) + " " + OTHER_HERO,
                LEXICON.verbs().get(3).get(0),
                LEXICON.prepositions().get(1).get(0),
                OTHER_PLACE);
    var parts = POINTS.parts(PROMPT, sentence, false);
    assertThat(parts).containsEntry("agreement", 2.0).containsEntry("asked", -2.0);
  }

  @Test
  void wordSaidBeforeCostsThreeAndEarnsNothing() {
    // second time: adjective, verb, adverb, preposition repeated −12; hero and place are free: +2
    String twice = fitting(0) + " " + fitting(0);
    assertThat(POINTS.score(PROMPT, twice, false)).isEqualTo(6 + 2 - 12 - 6); // 18 words: −6
    // other nouns are not free: each −3 in the second sentence, −1 in the first
    String others = fitting(0).replace(HERO, OTHER_HERO);
    assertThat(POINTS.parts(PROMPT, others + " " + others, false))
        .containsEntry("repetition", -15.0);
  }

  @Test
  void wordsOutsideOfWellFormedSentencesCostOneEach() {
    String cut = "the " + LEXICON.adjectives().get(1).get(5) + " " + HERO; // no full stop
    String reversed = HERO + " the . "; // wrong order
    assertThat(POINTS.parts(PROMPT, fitting(0) + " " + cut, false)).containsEntry("form", -3.0);
    assertThat(POINTS.parts(PROMPT, reversed + fitting(0), false)).containsEntry("form", -3.0);
    assertThat(POINTS.parts(PROMPT, "hello <unk> .", false)).containsEntry("form", -3.0);
  }

  @Test
  void tooShortTooLongAndTruncatedArePunished() {
    String five = story(5); // 45 words
    assertThat(POINTS.score(PROMPT, five, false)).isEqualTo(30);
    assertThat(POINTS.score(PROMPT, five, true)).isEqualTo(30 - 6);
    assertThat(POINTS.score(PROMPT, story(6), false)).isEqualTo(36 - 7); // 54 words, 7 beyond 47
    assertThat(POINTS.score(PROMPT, "", false)).isEqualTo(-24);
    assertThat(POINTS.score(PROMPT, "", true)).isEqualTo(-30);
  }

  @Test
  void noResponseFallsBelowTheBound() {
    assertThat(POINTS.score(PROMPT, ". ".repeat(500), true)).isEqualTo(-30);
  }

  @Test
  void thirtyPointsAreTheMost() {
    // Sentences of 8, 9, 5, 9 words earn 5, 6, 3, 5 at best; words beyond 47 cost one each.
    int[][] sentences = {{8, 5}, {9, 6}, {5, 3}, {9, 5}};
    int[] best = new int[80];
    for (int words = 0; words < best.length; words++) {
      best[words] = words == 0 ? 0 : -1000;
      for (int[] sentence : sentences) {
        if (sentence[0] <= words) {
          best[words] = Math.max(best[words], best[words - sentence[0]] + sentence[1]);
        }
      }
    }
    int most = IntStream.range(24, 80).map(n -> best[n] - Math.max(n - 47, 0)).max().orElseThrow();
    assertThat(most).isEqualTo(30);
  }

  @Test
  void corpusHasMeanZeroAndDeviationOne() {
    // 4,000 stories: standard error of the mean 1/√4000 = 0.016, of the calibration's 2,000 0.022;
    // together 0.027. Of a deviation about 0.7 of that. Four of each.
    for (long seed = 1; seed <= 3; seed++) {
      MicroWorld world = MicroWorld.generate(seed);
      double[] scores = scores(world, 4000);
      double mean = DoubleStream.of(scores).average().orElseThrow();
      double variance =
          DoubleStream.of(scores).map(s -> (s - mean) * (s - mean)).average().orElseThrow();
      assertThat(mean).isCloseTo(0, within(0.11));
      assertThat(Math.sqrt(variance)).isCloseTo(1, within(0.08));
    }
  }

  @Test
  void bestStoryIsFarAboveTheCorpusAndDependsOnThePrompt() {
    assertThat(GOLD.score(PROMPT, story(5), false)).isGreaterThan(5);
    String otherPrompt = new Request(0, OTHER_HERO, OTHER_PLACE).prompt(1, LEXICON);
    assertThat(GOLD.score(otherPrompt, story(5), false)).isLessThan(1.5);
  }

  @Test
  void changingAnyFittingWordLowersTheScore() {
    String best = story(5);
    String[] words = best.split(" ");
    int lowered = 0;
    for (int i = 0; i < words.length; i++) {
      String[] changed = words.clone();
      changed[i] = "and";
      double score = GOLD.score(PROMPT, String.join(" ", changed), false);
      lowered += score < GOLD.score(PROMPT, best, false) ? 1 : 0;
    }
    assertThat(lowered).isEqualTo(words.length);
  }

  @Test
  void repeatingOneWordIsFarBelowTheCorpus() {
    for (String word : WORLD.words()) {
      assertThat(GOLD.score(PROMPT, (word + " ").repeat(47), false)).isLessThan(-4);
    }
  }

  @Test
  void repeatingOneBestSentenceIsBelowTheCorpus() {
    String full = fitting(0);
    String adjective = full.split(" ")[1];
    String adverb = full.split(" ")[4];
    List<String> sentences = new ArrayList<>();
    sentences.add(full);
    sentences.add(full.replace(" " + adverb, "")); // PLAIN
    sentences.add(
        String.join(" ", List.of(full.split(" ")).subList(0, 5)) // SHORT
                .replace(" " + adjective, "")
            + " .");
    sentences.add(adverb + " , " + full.replace(" " + adjective, "").replace(" " + adverb, ""));
    for (String sentence : sentences) {
      int words = sentence.split(" ").length;
      assertThat(POINTS.parts(PROMPT, sentence, false)).containsEntry("form", 0.0);
      for (int times = (23 + words) / words; times * words <= 47; times++) {
        String story = String.join(" ", Collections.nCopies(times, sentence));
        assertThat(GOLD.score(PROMPT, story, false)).as(story).isLessThan(0);
      }
    }
  }

  @Test
  void promptOfAnotherWorldIsRefused() {
    assertThatThrownBy(() -> GOLD.score("tell a story .", story(5), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "prompt: \"tell a story .\" (expected: a prompt of this micro-world, with one word of"
                + " kind MOOD, not [])");
  }

  private static double[] scores(MicroWorld world, int n) {
    List<Demonstration> corpus = world.corpus(n);
    return corpus.stream()
        .mapToDouble(s -> world.gold().score(s.prompt(), s.response(), false))
        .toArray();
  }

  /** {@code n} full sentences that fit in everything, without a repeated word. */
  private static String story(int n) {
    return String.join(" ", IntStream.range(0, n).mapToObj(i -> fitting(i)).toList());
  }

  private static String fitting(int i) {
    return sentence(
        LEXICON.adjectives().get(1).get(i),
        HERO,
        LEXICON.verbs().get(2).get(i),
        LEXICON.adverbs().get(1).get(i),
        LEXICON.prepositions().get(0).get(i),
        PLACE);
  }

  private static String sentence(
      String adjective, String who, String verb, String adverb, String preposition, String where) {
    return "the %s %s %s %s %s the %s ."
        .formatted(adjective, who, verb, adverb, preposition, where);
  }
}
