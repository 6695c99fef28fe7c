package rto.lm.lora;

import static rto.protocol.Require.problem;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import rto.data.CounterRandom;
import rto.protocol.AbsentMeans;
import rto.protocol.Require;

/**
 * Low-rank adaptation (Hu et al., arXiv:2106.09685): a matrix W [out, in] of the model stays as it
 * is and a pair beside it learns,
 *
 * <pre>
 *   y = x Wᵀ + b + (α/r) · (x Aᵀ) Bᵀ        A [r, in], B [out, r]
 * </pre>
 *
 * B begins at 0, so that an adapter that has learned nothing changes nothing, and A is uniform in
 * ±1/√in, the first values that PEFT gives it.
 *
 * <p>While it learns, and never else, the pair may read m ⊙ x for x, where each number of m is 0
 * with probability p and otherwise 1/(1 − p).
 *
 * @param rank r
 * @param alpha α; the pair's product is scaled by α/r
 * @param targetModules which matrices of every layer, by their names in the Hugging Face layout
 * @param dropout p, to the next 65536th; 0 means none
 */
public record LoraConfig(
    int rank, double alpha, List<String> targetModules, @AbsentMeans("0") double dropout) {

  /** The matrices that can have an adapter, in the order of a layer's tensors. */
  public static final List<String> MODULES =
      List.of("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj");

  private static final String WEIGHT = ".weight";
  private static final String A = ".lora_A.weight";
  private static final String B = ".lora_B.weight";

  private static final double LEAST_DROPOUT = 1e-4;
  private static final int DROPOUT_STEPS = 1 << 16;

  /** Without dropout. */
  public LoraConfig(int rank, double alpha, List<String> targetModules) {
    this(rank, alpha, targetModules, 0);
  }

  public LoraConfig {
    targetModules = List.copyOf(targetModules);
    Require.all(
        problem(rank > 0, "rank: %s (expected: > 0)", rank),
        problem(alpha > 0 && Double.isFinite(alpha), "alpha: %s (expected: > 0)", alpha),
        problem(
            !targetModules.isEmpty()
                && MODULES.containsAll(targetModules)
                && Set.copyOf(targetModules).size() == targetModules.size(),
            "target-modules: %s (expected: some of %s, each once)",
            targetModules,
            MODULES),
        problem(
            dropout == 0 || LEAST_DROPOUT <= dropout && dropout <= 1 - LEAST_DROPOUT,
            "dropout: %s (expected: 0, or in [%s, %s])",
            dropout,
            LEAST_DROPOUT,
            1 - LEAST_DROPOUT));
  }

  /** p in 65536ths. */
  public long dropped() {
    return Math.round(dropout * DROPOUT_STEPS);
  }

  /** α/r. */
  public double scale() {
    return alpha / rank;
  }

  /** Whether the matrix of this name has an adapter. */
  public boolean adapts(String matrix) {
    return targetModules.stream().anyMatch(module -> matrix.endsWith("." + module + WEIGHT));
  }

  /** The name of A beside a matrix. */
  public static String nameOfA(String matrix) {
    return stem(matrix) + A;
  }

  /** The name of B beside a matrix. */
  public static String nameOfB(String matrix) {
    return stem(matrix) + B;
  }

  /** Names and shapes of all pairs, A before B, in the order of the model's tensors. */
  public Map<String, long[]> pairs(Map<String, long[]> model) {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    model.forEach(
        (name, shape) -> {
          if (adapts(name)) {
            shapes.put(nameOfA(name), new long[] {rank, shape[1]});
            shapes.put(nameOfB(name), new long[] {shape[0], rank});
          }
        });
    return shapes;
  }

  /** The first values of one tensor of an adapter, row by row: a pure function of the seed. */
  public static float[] firstValues(String name, long[] shape, long seed) {
    float[] values = new float[Math.toIntExact(shape[0] * shape[1])];
    if (name.endsWith(A)) {
      double bound = 1 / Math.sqrt(shape[1]);
      long key = CounterRandom.of(seed, name.hashCode());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (bound * (2 * CounterRandom.unit(CounterRandom.of(key, i)) - 1));
      }
    }
    return values;
  }

  private static String stem(String matrix) {
    return matrix.substring(0, matrix.length() - WEIGHT.length());
  }
}
