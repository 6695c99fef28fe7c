package rto.lm;

import java.util.OptionalInt;
import rto.protocol.Require;

/**
 * What decoders of different families differ in, sizes and rotary angles aside.
 *
 * @param family the name that the model bears in its files
 * @param attentionBias which projections of attention add a bias
 * @param mlpBias whether the three projections of SwiGLU add a bias
 * @param queryKeyNorms whether queries and keys are RMS-normed, each head by itself, before they
 *     are rotated
 * @param window how many positions a token sees, itself among them, in every layer; empty: all
 */
public record Traits(
    Family family,
    AttentionBias attentionBias,
    boolean mlpBias,
    boolean queryKeyNorms,
    OptionalInt window) {

  /** A Llama without biases. */
  public static final Traits LLAMA =
      new Traits(Family.LLAMA, AttentionBias.NONE, false, false, OptionalInt.empty());

  public Traits {
    Require.that(
        family.attentionBiases().contains(attentionBias),
        "attention biases: %s (expected: one of %s, for %s)",
        attentionBias,
        family.attentionBiases(),
        family.modelType());
    Require.that(
        !mlpBias || family.mayHaveMlpBias(),
        "mlp_bias: true (expected: false, for %s)",
        family.modelType());
    Require.that(
        queryKeyNorms == family.queryKeyNorms(),
        "query and key norms: %s (expected: %s, for %s)",
        queryKeyNorms,
        family.queryKeyNorms(),
        family.modelType());
    Require.that(
        window.isEmpty() || window.getAsInt() > 0,
        "sliding_window: %s (expected: > 0)",
        window.orElse(0));
    Require.that(
        window.isEmpty() || family.mayHaveWindow(),
        "sliding_window: %s (expected: none, for %s)",
        window.orElse(0),
        family.modelType());
  }
}
