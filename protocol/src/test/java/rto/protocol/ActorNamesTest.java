package rto.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ActorNamesTest {

  @Test
  void nodeIsHostAndPort() {
    assertThat(ActorNames.node("akka://rto@10.0.0.1:25520/user/a/b")).isEqualTo("10.0.0.1:25520");
  }

  @Test
  void systemWithoutAddressHasNoNode() {
    assertThat(ActorNames.node("akka://rto/user/a/b")).isEmpty();
  }
}
