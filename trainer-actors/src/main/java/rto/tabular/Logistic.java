package rto.tabular;

/** σ(z) = 1 / (1 + exp(−z)) and its relatives. */
final class Logistic {

  private Logistic() {}

  static double of(double z) {
    return 1 / (1 + Math.exp(-z));
  }

  /** σ'(z) = σ(z) σ(−z) = 1 / (2 + exp(z) + exp(−z)). */
  static double slope(double z) {
    return of(z) * of(-z);
  }
}
