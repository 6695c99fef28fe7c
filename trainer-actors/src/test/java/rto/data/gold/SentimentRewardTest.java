package rto.data.gold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SentimentRewardTest {

  private static final SentimentReward SENTIMENT = new SentimentReward();

  @Test
  void countsDifferentWordsWithDiminishingReturns() {
    // 16 words; happy three times 1 + 1/2 + 1/4 = 1.75, friend once: P = 2.75; scared once: N = 1
    // 4 · (2.75 − 1) / √16 = 1.75; bounded: 5 tanh(0.35) = 5 · 0.336376 = 1.681878
    String story =
        "Tim was happy. Happy, HAPPY Tim! He had a friend. The cat was scared of the park.";
    assertThat(story.split(" ")).hasSize(17);
    String sixteen = story.replace(" of the park", " of it");
    assertThat(score(sixteen)).isCloseTo(1.681878, within(1e-6));
    assertThat(SENTIMENT.parts("", sixteen, false))
        .isEqualTo(Map.of("positive", 2.75, "negative", -1.0));
  }

  @Test
  void longerTextsNeedMoreForTheSameScore() {
    // one positive word among 64: 4 · 1 / √64 = 0.5, 5 tanh(0.1) = 0.498340; among 16: 4 / √16 = 1
    assertThat(score("happy" + " it".repeat(63))).isCloseTo(0.498340, within(1e-6));
    assertThat(score("happy" + " it".repeat(15))).isCloseTo(5 * Math.tanh(0.2), within(1e-9));
    assertThat(score("happy")).isEqualTo(score("happy" + " it".repeat(15))); // no prize for brevity
  }

  @Test
  void repeatingOneWordDoesNotBeatAPlainCheerfulStory() {
    String story =
        "Lily and her friend went to the park. They played and laughed. Her mom gave her a hug. "
            + "Lily was very happy and they shared a yummy cake.";
    assertThat(score("happy ".repeat(26))).isLessThan(score(story) / 2);
    assertThat(score("happy happy happy")).isLessThan(score(story));
  }

  @Test
  void noTextScoresBeyondTheBound() {
    assertThat(score(String.join(" ", SentimentWords.POSITIVE))).isLessThanOrEqualTo(5);
    assertThat(score(String.join(" ", SentimentWords.NEGATIVE))).isGreaterThanOrEqualTo(-5);
    assertThat(score("")).isZero();
  }

  @Test
  void listsAreLargeAndDisjoint() {
    assertThat(SentimentWords.POSITIVE.size()).isGreaterThanOrEqualTo(130);
    assertThat(SentimentWords.NEGATIVE.size()).isGreaterThanOrEqualTo(100);
    assertThat(Set.copyOf(SentimentWords.POSITIVE))
        .doesNotContainAnyElementsOf(SentimentWords.NEGATIVE);
  }

  @Test
  void reachingTheLengthLimitIsNotPunished() {
    assertThat(SENTIMENT.score("", "a happy cat", true)).isEqualTo(score("a happy cat"));
  }

  private static double score(String text) {
    return SENTIMENT.score("", text, false);
  }
}
