package rto.lm;

/** Which projections of attention add a bias. */
public enum AttentionBias {
  NONE,
  QUERY_KEY_VALUE,
  /** The output projection too. */
  ALL
}
