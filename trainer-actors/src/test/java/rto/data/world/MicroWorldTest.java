package rto.data.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rto.data.Demonstration;

class MicroWorldTest {

  private static final MicroWorld WORLD = MicroWorld.generate(7);

  @Test
  void everythingIsAFunctionOfTheSeed() {
    MicroWorld again = MicroWorld.generate(7);
    assertThat(again.words()).isEqualTo(WORLD.words());
    assertThat(again.corpus(50)).isEqualTo(WORLD.corpus(50));
    assertThat(again.prompts(50)).isEqualTo(WORLD.prompts(50));
    assertThat(again.heldOutPrompts(50)).isEqualTo(WORLD.heldOutPrompts(50));
    assertThat(again.gold()).isEqualTo(WORLD.gold());
  }

  @Test
  void seedsGiveDifferentWorlds() {
    MicroWorld other = MicroWorld.generate(8);
    assertThat(Set.copyOf(other.words())).isNotEqualTo(Set.copyOf(WORLD.words()));
    assertThat(other.corpus(5)).isNotEqualTo(WORLD.corpus(5));
  }

  @Test
  void theFirstOnesDoNotDependOnHowManyAreAskedFor() {
    assertThat(WORLD.corpus(100).subList(0, 10)).isEqualTo(WORLD.corpus(10));
    assertThat(WORLD.prompts(100).subList(0, 10)).isEqualTo(WORLD.prompts(10));
  }

  @Test
  void vocabularyHas250Words() {
    // the . , = 3; moods 4; characters 24; things 30; adjectives 4·16; adverbs 4·12; verbs 4·12;
    // prepositions 16; in prompts only: tell a story about and write us tale of with need please
    // one
    assertThat(WORLD.words()).hasSize(3 + 4 + 24 + 30 + 64 + 48 + 48 + 16 + 13);
    assertThat(WORLD.words()).doesNotHaveDuplicates().allMatch(w -> w.matches("[a-z]+|[.,]"));
  }

  @Test
  void noWordOfThePoolsPlaysTwoParts() {
    List<String> all =
        Stream.of(
                Stream.of(WordPools.MOODS, WordPools.CHARACTERS, WordPools.THINGS),
                Stream.of(WordPools.PREPOSITIONS, Request.words(), List.of("the")),
                WordPools.ADJECTIVES.stream(),
                WordPools.ADVERBS.stream(),
                WordPools.VERBS.stream())
            .flatMap(pools -> pools)
            .flatMap(List::stream)
            .toList();
    assertThat(all).doesNotHaveDuplicates();
  }

  @Test
  void promptsHave10To12WordsAllFromTheVocabulary() {
    Set<String> vocabulary = Set.copyOf(WORLD.words());
    for (String prompt : WORLD.prompts(500)) {
      List<String> words = List.of(prompt.split(" ", -1));
      assertThat(words.size()).isBetween(10, 12);
      assertThat(vocabulary).containsAll(words);
    }
  }

  @Test
  void responsesOfTheCorpusAreGrammaticalAndOfTheRightLength() {
    for (Demonstration story : WORLD.corpus(1000)) {
      assertThat(List.of(story.response().split(" ", -1)).size()).isBetween(24, 47);
      var parts = WORLD.gold().parts(story.prompt(), story.response(), false);
      assertThat(parts.get("form")).isZero();
      assertThat(parts.get("length")).isZero();
    }
  }

  @Test
  void heldOutPromptsAskForWhatNoTrainingPromptAsksFor() {
    // 4 moods · 24 characters · 30 things = 2,880 requests; 288 held out; 4 wordings each
    List<String> train = WORLD.prompts(10_368);
    List<String> heldOut = WORLD.heldOutPrompts(1_152);
    Set<Request> trained = new HashSet<>();
    train.forEach(prompt -> trained.add(Request.parse(prompt, WORLD.lexicon())));
    assertThat(trained).hasSize(2880 - 288);
    assertThat(heldOut)
        .doesNotHaveDuplicates()
        .noneMatch(prompt -> trained.contains(Request.parse(prompt, WORLD.lexicon())));
    assertThat(train).doesNotHaveDuplicates();
    assertThat(train).containsAll(WORLD.corpus(500).stream().map(Demonstration::prompt).toList());
  }

  @Test
  void askingForMorePromptsThanThereAreIsRefused() {
    assertThatThrownBy(() -> WORLD.heldOutPrompts(1_153))
        .hasMessage("held-out prompts: 1153 (expected: 0 to 1152)");
  }
}
