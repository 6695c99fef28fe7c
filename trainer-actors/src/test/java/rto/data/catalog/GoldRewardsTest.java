package rto.data.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import rto.data.world.MicroWorld;

class GoldRewardsTest {

  @Test
  void aRewardIsFoundByTheNameThatItBears() {
    for (String name :
        new String[] {
          "sentiment", "micro-world:7", "micro-world:-1", "micro-world:" + Long.MIN_VALUE
        }) {
      assertThat(GoldRewards.byName(name).name()).isEqualTo(name);
    }
  }

  @Test
  void theJudgeOfAMicroWorldIsThatWorldsOwn() {
    var world = MicroWorld.generate(7);
    var story = world.corpus(1).get(0);
    assertThat(GoldRewards.byName("micro-world:7").score(story.prompt(), story.response(), false))
        .isEqualTo(world.gold().score(story.prompt(), story.response(), false));
  }

  @Test
  void unknownNamesAreRefusedWithTheNearest() {
    assertThatThrownBy(() -> GoldRewards.byName("sentimant"))
        .hasMessage(
            "reward: sentimant (expected: sentiment, or micro-world:SEED with a whole number of"
                + " 64 bits as SEED; did you mean sentiment?)");
    assertThatThrownBy(() -> GoldRewards.byName("microworld:3"))
        .hasMessageEndingWith("; did you mean micro-world?)");
    assertThatThrownBy(() -> GoldRewards.byName("xyz")).hasMessageEndingWith("as SEED)");
    assertThatThrownBy(() -> GoldRewards.byName("micro-world")).hasMessageEndingWith("as SEED)");
    assertThatThrownBy(() -> GoldRewards.byName("micro-world:a")).hasMessageEndingWith("as SEED)");
    assertThatThrownBy(() -> GoldRewards.requireKnown("micro-world:9223372036854775808"))
        .hasMessageStartingWith("reward: micro-world:9223372036854775808 (expected: ");
  }

  @Test
  void distanceIsTheNumberOfChangedLetters() {
    assertThat(GoldRewards.distance("kitten", "sitting")).isEqualTo(3); // k→s, e→i, +g
    assertThat(GoldRewards.distance("", "abc")).isEqualTo(3);
    assertThat(GoldRewards.distance("abc", "abc")).isZero();
  }
}
