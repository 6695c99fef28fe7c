package rto.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TokenTreeTest {

  /**
   * Nodes: 0 the prompt, 1 "0", 2 "1". Steps: 0, 1 from the prompt, 2, 3 from "0", 4, 5 from "1".
   */
  private final TokenTree two = new TokenTree(2, 2);

  @Test
  void everyPrefixAndEveryStepHasANumber() {
    assertThat(two.nodes()).isEqualTo(3);
    assertThat(two.steps()).isEqualTo(6);
    assertThat(two.responses()).isEqualTo(4);
    assertThat(new TokenTree(3, 4).nodes()).isEqualTo(1 + 3 + 9 + 27);
  }

  @Test
  void aPathHasTheStepsOfAResponse() {
    assertThat(two.path(0)).containsExactly(0, 2);
    assertThat(two.path(1)).containsExactly(0, 3);
    assertThat(two.path(2)).containsExactly(1, 4); // tokens 1, 0
    assertThat(two.prefix(two.nodes() + 2)).containsExactly(1, 0);
    assertThat(two.prefix(2)).containsExactly(1);
    assertThat(two.prefix(0)).isEmpty();
  }

  @Test
  void stepsOfAPathFollowEachOther() {
    TokenTree tree = new TokenTree(3, 4);
    for (int y = 0; y < tree.responses(); y++) {
      int node = 0;
      int[] tokens = tree.prefix(tree.nodes() + y);
      int[] path = tree.path(y);
      for (int h = 0; h < path.length; h++) {
        assertThat(path[h]).isEqualTo(tree.step(node, tokens[h]));
        assertThat(tree.before(path[h])).isEqualTo(node);
        assertThat(tree.completes(path[h])).isEqualTo(h == path.length - 1);
        node = tree.after(path[h]);
      }
      assertThat(node).isEqualTo(tree.nodes() + y);
    }
  }

  @Test
  void aTreeTooLargeToEnumerateIsRefused() {
    assertThatThrownBy(() -> new TokenTree(10, 10))
        .hasMessage("tree: 10 tokens, 10 deep (expected: at most 1048576 responses)");
    assertThatThrownBy(() -> new TokenTree(1, 3)).hasMessage("tokens: 1 (expected: >= 2)");
  }
}
