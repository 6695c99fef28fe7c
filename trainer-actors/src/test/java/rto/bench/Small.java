package rto.bench;

import rto.lm.DecoderConfig;
import rto.lm.Head;

/** A shape that takes no time. */
final class Small {

  static final int PROMPT = 6;
  static final int NEW = 3;

  private Small() {}

  /** 10 tokens, D 4, F 6, one layer with two heads of size 2 and one key-value head. */
  static DecoderConfig config(boolean tied) {
    return new DecoderConfig(
        10, 4, 6, 1, 2, 1, 2, 1e-5, 10_000, 256, 1, 2, new Head.Language(tied));
  }

  static BenchShape shape() {
    return new BenchShape("small", config(true), PROMPT, NEW, 32, 16, 1);
  }
}
