package rto.train;

import rto.lm.Sequence;

/** A prompt's two responses as tokens, of which the first is preferred. */
public record Pair(Sequence chosen, Sequence rejected) {

  int length() {
    return Math.max(chosen.length(), rejected.length());
  }
}
