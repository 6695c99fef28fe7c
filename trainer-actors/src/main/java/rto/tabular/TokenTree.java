package rto.tabular;

import rto.protocol.Require;

/**
 * All responses of {@code horizon} tokens out of {@code tokens}, as a tree of their prefixes.
 *
 * <pre>
 *   nodes        prefixes that lack a token, numbered breadth-first; the root is 0
 *   step (s, a)  number A·s + a; it leads to node A·s + a + 1
 *   responses    numbered in the order of their tokens, first token first
 * </pre>
 *
 * @param tokens A, at least two
 * @param horizon H, at least one
 */
public record TokenTree(int tokens, int horizon) {

  /** What is still enumerated in a moment. */
  private static final long MOST_RESPONSES = 1 << 20;

  public TokenTree {
    Require.that(tokens >= 2, "tokens: %s (expected: >= 2)", tokens);
    Require.that(horizon >= 1, "horizon: %s (expected: >= 1)", horizon);
    Require.that(
        Math.pow(tokens, horizon) <= MOST_RESPONSES,
        "tree: %s tokens, %s deep (expected: at most %s responses)",
        tokens,
        horizon,
        MOST_RESPONSES);
  }

  /** A^H. */
  public int responses() {
    return power(horizon);
  }

  /** 1 + A + ... + A^(H−1). */
  public int nodes() {
    return (responses() - 1) / (tokens - 1);
  }

  /** A for each node. */
  public int steps() {
    return nodes() * tokens;
  }

  /** The number of token a after prefix s. */
  public int step(int node, int token) {
    return node * tokens + token;
  }

  /** The prefix before a step. */
  public int before(int step) {
    return step / tokens;
  }

  /** The prefix after a step; {@link #nodes} or more if the response is complete. */
  public int after(int step) {
    return step + 1;
  }

  /** Whether a step completes a response. */
  public boolean completes(int step) {
    return after(step) >= nodes();
  }

  /** The token of a step. */
  public int token(int step) {
    return step % tokens;
  }

  /** The H steps of a response. */
  public int[] path(int response) {
    int[] path = new int[horizon];
    int step = nodes() + response - 1;
    for (int h = horizon - 1; h >= 0; h--) {
      path[h] = step;
      step = before(step) - 1;
    }
    return path;
  }

  /** The tokens of a prefix, or of a response: node {@code nodes() + response}. */
  public int[] prefix(int node) {
    int length = 0;
    for (int s = node; s > 0; s = before(s - 1)) {
      length++;
    }
    int[] prefix = new int[length];
    for (int s = node; s > 0; s = before(s - 1)) {
      prefix[--length] = token(s - 1);
    }
    return prefix;
  }

  private int power(int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= tokens;
    }
    return power;
  }
}
