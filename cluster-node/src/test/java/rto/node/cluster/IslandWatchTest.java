package rto.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class IslandWatchTest {

  @Test
  void smallerClusterYieldsAndTheLargerStays() {
    assertThat(mustYield("a", List.of("a"), List.of("b", "c"))).isTrue();
    assertThat(mustYield("b", List.of("b", "c"), List.of("a"))).isFalse();
  }

  @Test
  void ofTwoEqualsTheOneWithoutTheLowestAddressYields() {
    assertThat(mustYield("c", List.of("b", "c"), List.of("a", "d"))).isTrue();
    assertThat(mustYield("d", List.of("a", "d"), List.of("b", "c"))).isFalse();
  }

  @Test
  void nobodyYieldsToItsOwnClusterOrToNoneOrBeforeItHasOne() {
    assertThat(mustYield("a", List.of("a"), List.of("a", "b", "c"))).isFalse();
    assertThat(mustYield("a", List.of("a"), List.of())).isFalse();
    assertThat(mustYield("a", List.of(), List.of("b"))).isFalse();
  }

  private static boolean mustYield(String self, List<String> here, List<String> there) {
    return IslandWatch.mustYield(new TreeSet<>(here), new TreeSet<>(there), self);
  }
}
