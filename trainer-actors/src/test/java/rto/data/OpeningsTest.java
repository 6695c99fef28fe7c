package rto.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class OpeningsTest {

  private static final Openings OPENINGS = Openings.shuffled(1);

  @Test
  void thereAreAsManyAsTheTemplatesHaveFillings() {
    // per name (32): 6 adjectives, 12 places, 6·12, 10 toys, 12 places, 10 toys = 122 → 3,904
    // animals: 6 adjectives · 10 animals · 12 places = 720; together 4,624, a tenth of them held
    // out
    assertThat(OPENINGS.heldOutSize()).isEqualTo(462);
    assertThat(OPENINGS.size()).isEqualTo(4624 - 462);
  }

  @Test
  void allOpeningsDifferAndHeldOutOnesAreNotTrainedOn() {
    List<String> train = OPENINGS.prompts(OPENINGS.size());
    List<String> heldOut = OPENINGS.heldOutPrompts(OPENINGS.heldOutSize());
    assertThat(train).doesNotHaveDuplicates().doesNotContainAnyElementsOf(heldOut);
    assertThat(heldOut).doesNotHaveDuplicates();
  }

  @Test
  void everySlotIsFilledAndPronounsFollowTheName() {
    List<String> train = OPENINGS.prompts(OPENINGS.size());
    assertThat(train).allMatch(opening -> opening.matches("[A-Z][a-z]+[a-zA-Z, ]+\\."));
    assertThat(train).noneMatch(opening -> opening.matches(".*[A-Z]{2,}.*"));
    assertThat(train).contains("One day, Ben was playing with his kite.");
    assertThat(train).contains("Once upon a time, there was a little girl named Lily.");
    assertThat(train).noneMatch(opening -> opening.contains("Lily") && opening.contains(" his "));
  }

  @Test
  void seedDecidesTheOrder() {
    assertThat(Openings.shuffled(1).prompts(50)).isEqualTo(OPENINGS.prompts(50));
    assertThat(Openings.shuffled(2).prompts(50)).isNotEqualTo(OPENINGS.prompts(50));
  }

  @Test
  void askingForMoreThanThereAreIsRefused() {
    assertThatThrownBy(() -> OPENINGS.heldOutPrompts(463))
        .hasMessage("held-out openings: 463 (expected: 0 to 462)");
  }
}
