package rto.algorithm;

import java.util.Set;

/**
 * Ways to pay the DPO token rewards d [H] elsewhere than where they were earned. Each returns what
 * has to be added to d at every token, in double until it is stored.
 */
final class Shaping {

  private Shaping() {}

  /**
   * Sums d up over each sentence and pays the sum at the sentence's delimiter; what follows the
   * last delimiter is paid at H. [P, Semi-RTO]
   *
   * @param tokens the response, [H]
   */
  static float[] toDelimiters(float[] d, int[] tokens, Set<Integer> delimiters) {
    float[] shaping = new float[d.length];
    double sentence = 0;
    for (int h = 0; h < d.length; h++) {
      sentence += d[h];
      boolean pays = delimiters.contains(tokens[h]) || h == d.length - 1;
      shaping[h] = (float) ((pays ? sentence : 0) - d[h]);
      sentence = pays ? 0 : sentence;
    }
    return shaping;
  }

  /** Pays Σd at H and nothing before: one sentence without a delimiter. [P, DDPO] */
  static float[] toTheEnd(float[] d) {
    return toDelimiters(d, new int[d.length], Set.of());
  }

  /** Takes Σd back at H, so that d shapes the way and not the sum. [P, RS-PPO] */
  static float[] takenBack(float[] d) {
    double sum = 0;
    for (float one : d) {
      sum += one;
    }
    float[] shaping = new float[d.length];
    shaping[d.length - 1] = (float) -sum;
    return shaping;
  }
}
