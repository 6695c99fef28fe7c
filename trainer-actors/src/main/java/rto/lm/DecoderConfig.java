package rto.lm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import rto.protocol.Require;

/**
 * A decoder of the Llama kind: RMSNorm, rotary embedding, grouped-query attention, SwiGLU. One
 * description serves all families; what they differ in is in {@code rope} and {@code traits}.
 *
 * @param vocabSize V
 * @param hiddenSize D
 * @param feedForwardSize F, the inner size of SwiGLU
 * @param layers how many decoder layers
 * @param queryHeads attention heads
 * @param kvHeads key-value heads; each serves queryHeads / kvHeads query heads
 * @param headSize E, even; H·E need not be D
 * @param normEps inside RMSNorm's square root
 * @param rope the rotary angles
 * @param maxPositions the longest sequence
 * @param bosToken begins a sequence, if the model's configuration names such a token
 * @param eosTokens each of them ends a response; may be empty
 * @param traits biases, norms and window of the family
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
    Rope rope,
    int maxPositions,
    OptionalInt bosToken,
    List<Integer> eosTokens,
    Traits traits,
    Head head) {

  private static final String QUERY_BIAS = "self_attn.q_proj.bias";
  private static final String OUTPUT_BIAS = "self_attn.o_proj.bias";
  private static final String QUERY_NORM = "self_attn.q_norm.weight";
  private static final String GATE_BIAS = "mlp.gate_proj.bias";

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
    eosTokens = List.copyOf(eosTokens);
    bosToken.ifPresent(token -> requireToken("bos_token_id", token, vocabSize));
    eosTokens.forEach(token -> requireToken("eos_token_id", token, vocabSize));
  }

  /** A Llama without biases and without rope scaling. */
  public DecoderConfig(
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
    this(
        vocabSize,
        hiddenSize,
        feedForwardSize,
        layers,
        queryHeads,
        kvHeads,
        headSize,
        normEps,
        Rope.plain(ropeTheta),
        maxPositions,
        OptionalInt.of(bosToken),
        List.of(eosToken),
        Traits.LLAMA,
        head);
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
        rope,
        maxPositions,
        bosToken,
        eosTokens,
        traits,
        other);
  }

  /** The same decoder, of which other tokens end a response. */
  public DecoderConfig withEosTokens(List<Integer> others) {
    return new DecoderConfig(
        vocabSize,
        hiddenSize,
        feedForwardSize,
        layers,
        queryHeads,
        kvHeads,
        headSize,
        normEps,
        rope,
        maxPositions,
        bosToken,
        others,
        traits,
        head);
  }

  /** Names and shapes of all tensors, in the order in which the scripts take them. */
  public Map<String, long[]> tensors() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", shape(vocabSize, hiddenSize));
    for (int i = 0; i < layers; i++) {
      String layer = "model.layers." + i + ".";
      layer().forEach((name, shape) -> shapes.put(layer + name, shape));
    }
    shapes.put("model.norm.weight", shape(hiddenSize));
    if (head instanceof Head.Scalar) {
      shapes.put("score.weight", shape(1, hiddenSize));
    } else if (!tied()) {
      shapes.put("lm_head.weight", shape(vocabSize, hiddenSize));
    }
    return shapes;
  }

  /** Names and shapes of one layer's tensors: what all families have, then what some have. */
  Map<String, long[]> layer() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    int q = queryHeads * headSize;
    int kv = kvHeads * headSize;
    shapes.put("input_layernorm.weight", shape(hiddenSize));
    shapes.put("self_attn.q_proj.weight", shape(q, hiddenSize));
    shapes.put("self_attn.k_proj.weight", shape(kv, hiddenSize));
    shapes.put("self_attn.v_proj.weight", shape(kv, hiddenSize));
    shapes.put("self_attn.o_proj.weight", shape(hiddenSize, q));
    shapes.put("post_attention_layernorm.weight", shape(hiddenSize));
    shapes.put("mlp.gate_proj.weight", shape(feedForwardSize, hiddenSize));
    shapes.put("mlp.up_proj.weight", shape(feedForwardSize, hiddenSize));
    shapes.put("mlp.down_proj.weight", shape(hiddenSize, feedForwardSize));
    if (traits.attentionBias() != AttentionBias.NONE) {
      shapes.put(QUERY_BIAS, shape(q));
      shapes.put("self_attn.k_proj.bias", shape(kv));
      shapes.put("self_attn.v_proj.bias", shape(kv));
    }
    if (traits.attentionBias() == AttentionBias.ALL) {
      shapes.put(OUTPUT_BIAS, shape(hiddenSize));
    }
    if (traits.queryKeyNorms()) {
      shapes.put(QUERY_NORM, shape(headSize));
      shapes.put("self_attn.k_norm.weight", shape(headSize));
    }
    if (traits.mlpBias()) {
      shapes.put(GATE_BIAS, shape(feedForwardSize));
      shapes.put("mlp.up_proj.bias", shape(feedForwardSize));
      shapes.put("mlp.down_proj.bias", shape(hiddenSize));
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

  /** Refuses a token that is none of the vocabulary, by name. */
  void requireTokens(int[] tokens) {
    for (int token : tokens) {
      requireToken("token", token, vocabSize);
    }
  }

  boolean tied() {
    return head instanceof Head.Language language && language.tied();
  }

  /** The constants that the scripts read. */
  Map<String, Object> attributes() {
    Head.Scalar scalar = head instanceof Head.Scalar s ? s : Head.Scalar.raw();
    List<String> layer = new ArrayList<>(layer().keySet());
    Map<String, Object> constants = new HashMap<>(rope.attributes());
    constants.put("hidden_size", (long) hiddenSize);
    constants.put("layers", (long) layers);
    constants.put("query_heads", (long) queryHeads);
    constants.put("kv_heads", (long) kvHeads);
    constants.put("head_size", (long) headSize);
    constants.put("norm_eps", normEps);
    constants.put("attention_scale", 1 / Math.sqrt(headSize));
    // No sequence is longer than maxPositions, so this window hides nothing.
    constants.put("window", (long) traits.window().orElse(maxPositions));
    constants.put("layer_tensors", (long) layer.size());
    constants.put("qkv_bias", (long) layer.indexOf(QUERY_BIAS));
    constants.put("output_bias", (long) layer.indexOf(OUTPUT_BIAS));
    constants.put("qk_norm", (long) layer.indexOf(QUERY_NORM));
    constants.put("mlp_bias", (long) layer.indexOf(GATE_BIAS));
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
