package rto.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromptSplitTest {

  @Test
  void theLastPartOfTheDifferentPromptsIsHeldOut() {
    // a b c d e are different; 0.4 of five are two
    PromptSplit split = PromptSplit.of(List.of("a", "b", "a", "c", "d", "e", "c"), 0.4);
    assertThat(split.train()).containsExactly("a", "b", "c");
    assertThat(split.heldOut()).containsExactly("d", "e");
  }

  @Test
  void pairsOfOnePromptStayTogether() {
    List<Preference> pairs =
        List.of(pair("a", 1), pair("b", 1), pair("b", 2), pair("a", 2), pair("b", 3));
    PromptSplit.Pairs split = PromptSplit.of(List.of("a", "b"), 0.5).split(pairs);
    assertThat(split.train()).containsExactly(pair("a", 1), pair("a", 2));
    assertThat(split.heldOut()).containsExactly(pair("b", 1), pair("b", 2), pair("b", 3));
  }

  @Test
  void noSideIsEmptyUnlessNothingIsHeldOut() {
    assertThat(PromptSplit.of(List.of("a", "b"), 0.01).heldOut()).containsExactly("b");
    assertThat(PromptSplit.of(List.of("a", "b"), 0.99).train()).containsExactly("a");
    assertThat(PromptSplit.of(List.of("a", "a"), 0)).isEqualTo(new PromptSplit(of("a"), of()));
  }

  @Test
  void onePromptCannotBeOnBothSides() {
    assertThatThrownBy(() -> PromptSplit.of(List.of("a", "a"), 0.1))
        .hasMessageStartingWith("prompts: 1 different (expected: >= 2");
  }

  private static List<String> of(String... prompts) {
    return List.of(prompts);
  }

  private static Preference pair(String prompt, int number) {
    return new Preference(prompt, "good " + number, "bad " + number);
  }
}
