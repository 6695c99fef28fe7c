package rto.lm;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import rto.protocol.Require;

/**
 * A Llama-family decoder: RMSNorm, rotary embedding, grouped-query attention, SwiGLU.
 *
 * @param vocabSize V
 * @param hiddenSize D
 * @param feedForwardSize F, the inner size of SwiGLU
 * @param layers how many decoder layers
 * @param queryHeads attention heads
 * @param kvHeads key-value heads; each serves queryHeads / kvHeads query heads
 * @param headSize E, even
 * @param normEps inside RMSNorm's square root
 * @param ropeTheta base of the rotary angles
 * @param maxPositions the longest sequence
 * @param bosToken begins a sequence
 * @param eosToken ends a response
 * @param head on top
 */
public record DecoderConfig(
    int vocabSize,
    int hiddenSize,
    int feedForwardSize,
    int layers,
    int queryHeads,
    int kvHeads,
    int headSize,
    double normEps,
    double ropeTheta,
    int maxPositions,
    int bosToken,
    int eosToken,
    Head head) {

  public DecoderConfig {
    positive("vocab_size", vocabSize);
    positive("hidden_size", hiddenSize);
    positive("intermediate_size", feedForwardSize);
    positive("num_hidden_layers", layers);
    positive("num_attention_heads", queryHeads);
    positive("num_key_value_heads", kvHeads);
    positive("max_position_embeddings", maxPositions);
    Require.that(
        queryHeads % kvHeads == 0,
        "num_attention_heads: %s (expected: a multiple of num_key_value_heads, %s)",
        queryHeads,
        kvHeads);
    Require.that(
        headSize > 0 && headSize % 2 == 0, "head_dim: %s (expected: positive and even)", headSize);
    Require.that(
        normEps >= 0 && Double.isFinite(normEps), "rms_norm_eps: %s (expected: >= 0)", normEps);
    Require.that(
        ropeTheta > 0 && Double.isFinite(ropeTheta), "rope_theta: %s (expected: > 0)", ropeTheta);
    requireToken("bos_token_id", bosToken, vocabSize);
    requireToken("eos_token_id", eosToken, vocabSize);
  }

  /** The same decoder with another head. */
  public DecoderConfig withHead(Head other) {
    return new DecoderConfig(
        vocabSize,
        hiddenSize,
        feedForwardSize,
        layers,
        queryHeads,
        kvHeads,
        headSize,
        normEps,
        ropeTheta,
        maxPositions,
        bosToken,
        eosToken,
        other);
  }

  /** Names and shapes of all tensors, in the order in which the scripts take them. */
  public Map<String, long[]> tensors() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", shape(vocabSize, hiddenSize));
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      int q = queryHeads * headSize;
      int kv = kvHeads * headSize;
      shapes.put(layer + "input_layernorm.weight", shape(hiddenSize));
      shapes.put(layer + "self_attn.q_proj.weight", shape(q, hiddenSize));
      shapes.put(layer + "self_attn.k_proj.weight", shape(kv, hiddenSize));
      shapes.put(layer + "self_attn.v_proj.weight", shape(kv, hiddenSize));
      shapes.put(layer + "self_attn.o_proj.weight", shape(hiddenSize, q));
      shapes.put(layer + "post_attention_layernorm.weight", shape(hiddenSize));
      shapes.put(layer + "mlp.gate_proj.weight", shape(feedForwardSize, hiddenSize));
      shapes.put(layer + "mlp.up_proj.weight", shape(feedForwardSize, hiddenSize));
      shapes.put(layer + "mlp.down_proj.weight", shape(hiddenSize, feedForwardSize));
    }
    shapes.put("model.norm.weight", shape(hiddenSize));
    if (head instanceof Head.Scalar) {
      shapes.put("score.weight", shape(1, hiddenSize));
    } else if (!tied()) {
      shapes.put("lm_head.weight", shape(vocabSize, hiddenSize));
    }
    return shapes;
  }

  /** How many numbers the model has. */
  public long parameters() {
    long sum = 0;
    for (long[] shape : tensors().values()) {
      sum += shape.length == 1 ? shape[0] : shape[0] * shape[1];
    }
    return sum;
  }

  boolean tied() {
    return head instanceof Head.Language language && language.tied();
  }

  /** The constants that the scripts read. */
  Map<String, Object> attributes() {
    Head.Scalar scalar = head instanceof Head.Scalar s ? s : Head.Scalar.raw();
    Map<String, Object> constants = new HashMap<>();
    constants.put("hidden_size", (long) hiddenSize);
    constants.put("layers", (long) layers);
    constants.put("query_heads", (long) queryHeads);
    constants.put("kv_heads", (long) kvHeads);
    constants.put("head_size", (long) headSize);
    constants.put("norm_eps", normEps);
    constants.put("rope_theta", ropeTheta);
    constants.put("attention_scale", 1 / Math.sqrt(headSize));
    constants.put("tied", tied());
    constants.put("scalar_head", head instanceof Head.Scalar);
    constants.put("score_mean", scalar.mean());
    constants.put("score_std", scalar.std());
    return constants;
  }

  private static long[] shape(long... sizes) {
    return sizes;
  }

  private static void positive(String name, int value) {
    Require.that(value > 0, "%s: %s (expected: > 0)", name, value);
  }

  private static void requireToken(String name, int token, int vocabSize) {
    Require.that(
        token >= 0 && token < vocabSize,
        "%s: %s (expected: in [0, vocab_size = %s))",
        name,
        token,
        vocabSize);
  }
}
