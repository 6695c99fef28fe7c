package rto.data.gold;

import java.util.Map;

/**
 * A programmed judge of responses: a pure function of its arguments, safe to share between threads.
 * Only labelling and evaluation ask it.
 */
public interface GoldReward {

  /** The name under which a configuration asks for it. */
  String name();

  /**
   * How good the response is; finite, larger is better.
   *
   * @param response its text, without the end token
   * @param truncated it reached the length limit without an end token
   * @throws IllegalArgumentException if this judge cannot make sense of the prompt
   */
  double score(String prompt, String response, boolean truncated);

  /** What the score is made of, in the judge's own units; names in a fixed order. */
  Map<String, Double> parts(String prompt, String response, boolean truncated);
}
