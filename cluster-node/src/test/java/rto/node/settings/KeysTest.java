package rto.node.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class KeysTest {

  @Test
  void javaNamesBecomeKebabCase() {
    assertThat(Keys.kebab("learningRate")).isEqualTo("learning-rate");
    assertThat(Keys.kebab("KLControl")).isEqualTo("kl-control");
    assertThat(Keys.kebab("beta1")).isEqualTo("beta1");
    assertThat(Keys.kebab("MIXED_BFLOAT16")).isEqualTo("mixed-bfloat16");
  }

  @Test
  void editDistanceCountsInsertionsReplacementsAndSwaps() {
    assertThat(Keys.distance("", "abc")).isEqualTo(3);
    // kitten -> sitten -> sittin -> sitting
    assertThat(Keys.distance("kitten", "sitting")).isEqualTo(3);
    assertThat(Keys.distance("lenght", "length")).isEqualTo(1);
    assertThat(Keys.distance("same", "same")).isZero();
  }

  @Test
  void onlyACloseKeyIsTakenForTheOneThatWasMeant() {
    assertThat(Keys.nearest("epoch", List.of("epochs", "path"))).hasValue("epochs");
    assertThat(Keys.nearest("colour", List.of("epochs", "path"))).isEmpty();
  }
}
