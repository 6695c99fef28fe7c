package rto.algorithm;

import java.util.ArrayList;
import java.util.List;
import rto.protocol.Diverged;
import rto.protocol.Require;

/**
 * Brings the advantages of an iteration to mean 0 and variance 1 [P App. D; C, masked_normalize].
 *
 * <pre>
 *   A ← (A − mean) / √max(var, 1e-8),   mean and population variance over all tokens of all responses
 * </pre>
 *
 * Equal advantages become zeros. Sums run in the order of the list, so the same list gives the same
 * bits.
 */
public final class Whitening {

  private static final double SMALLEST_VARIANCE = 1e-8;

  private Whitening() {}

  /** Returns new arrays of the same lengths in the same order. */
  public static List<float[]> whiten(List<float[]> responses) {
    double mean = mean(responses);
    double deviation = Math.sqrt(Math.max(variance(responses, mean), SMALLEST_VARIANCE));
    List<float[]> white = new ArrayList<>(responses.size());
    for (float[] response : responses) {
      white.add(standardise(response, mean, deviation));
    }
    return white;
  }

  private static double mean(List<float[]> responses) {
    double sum = 0;
    long count = 0;
    for (float[] response : responses) {
      for (float value : response) {
        sum += value;
      }
      count += response.length;
    }
    Require.that(count > 0, "advantages: none (expected: at least one token)");
    Diverged.unlessFinite(sum, "sum of advantages: %s (expected: a finite number)", sum);
    return sum / count;
  }

  private static double variance(List<float[]> responses, double mean) {
    double sum = 0;
    long count = 0;
    for (float[] response : responses) {
      for (float value : response) {
        sum += (value - mean) * (value - mean);
      }
      count += response.length;
    }
    return sum / count;
  }

  private static float[] standardise(float[] values, double mean, double deviation) {
    float[] standard = new float[values.length];
    for (int h = 0; h < values.length; h++) {
      standard[h] = (float) ((values[h] - mean) / deviation);
    }
    return standard;
  }
}
