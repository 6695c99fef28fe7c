package rto.lm.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rto.lm.DecoderConfig;
import rto.lm.Head;

/** config.json in the Hugging Face layout, to and from {@link DecoderConfig}. */
final class HfConfig {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CAUSAL = "LlamaForCausalLM";
  private static final String SCALAR = "LlamaForSequenceClassification";
  private static final double DEFAULT_THETA = 10_000;
  private static final int DEFAULT_BOS = 1;
  private static final int DEFAULT_EOS = 2;
  private static final double DEFAULT_NORM_EPS = 1e-6;

  private HfConfig() {}

  static DecoderConfig read(Path file) throws IOException {
    return parse(Files.readString(file), file);
  }

  /** {@code file} is for errors. */
  static DecoderConfig parse(String text, Path file) throws IOException {
    JsonNode json;
    try {
      json = JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new MalformedFile(file, e.getOriginalMessage());
    }
    String architecture = json.path("architectures").path(0).asText(CAUSAL);
    refuseUnless(
        List.of(CAUSAL, SCALAR).contains(architecture),
        file,
        "architectures: " + architecture + " (expected: " + CAUSAL + " or " + SCALAR + ")");
    refuseChangedMaths(json, file);
    int hidden = integer(json, "hidden_size", file);
    int heads = integer(json, "num_attention_heads", file);
    refuseUnless(heads > 0, file, "num_attention_heads: " + heads + " (expected: > 0)");
    try {
      return new DecoderConfig(
          integer(json, "vocab_size", file),
          hidden,
          integer(json, "intermediate_size", file),
          integer(json, "num_hidden_layers", file),
          heads,
          integer(json, "num_key_value_heads", heads, file),
          integer(json, "head_dim", hidden / heads, file),
          number(json, "rms_norm_eps", DEFAULT_NORM_EPS, file),
          ropeTheta(json, file),
          integer(json, "max_position_embeddings", file),
          integer(json, "bos_token_id", DEFAULT_BOS, file),
          eos(json, file),
          head(json, architecture, file));
    } catch (IllegalArgumentException e) {
      throw new MalformedFile(file, e.getMessage());
    }
  }

  static String write(DecoderConfig c) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.putArray("architectures").add(c.head() instanceof Head.Scalar ? SCALAR : CAUSAL);
    json.put("model_type", "llama");
    json.put("vocab_size", c.vocabSize());
    json.put("hidden_size", c.hiddenSize());
    json.put("intermediate_size", c.feedForwardSize());
    json.put("num_hidden_layers", c.layers());
    json.put("num_attention_heads", c.queryHeads());
    json.put("num_key_value_heads", c.kvHeads());
    json.put("head_dim", c.headSize());
    json.put("hidden_act", "silu");
    json.put("rms_norm_eps", c.normEps());
    json.put("rope_theta", c.ropeTheta());
    json.put("max_position_embeddings", c.maxPositions());
    json.put("attention_bias", false);
    json.put("mlp_bias", false);
    json.put("bos_token_id", c.bosToken());
    json.put("eos_token_id", c.eosToken());
    json.put("torch_dtype", "float32");
    if (c.head() instanceof Head.Scalar scalar) {
      json.put("num_labels", 1);
      json.put("tie_word_embeddings", false);
      json.put("rto_score_mean", scalar.mean());
      json.put("rto_score_std", scalar.std());
    } else {
      json.put("tie_word_embeddings", ((Head.Language) c.head()).tied());
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  /** generation_config.json: the tokens that begin and end a text. */
  static String writeGeneration(DecoderConfig c) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("_from_model_config", true);
    json.put("bos_token_id", c.bosToken());
    json.put("eos_token_id", c.eosToken());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  /** Fields that this decoder would ignore although they change what a model says. */
  private static void refuseChangedMaths(JsonNode json, Path file) throws MalformedFile {
    String model = json.path("model_type").asText("llama");
    refuseUnless(model.equals("llama"), file, "model_type: " + model + " (expected: llama)");
    String activation = json.path("hidden_act").asText("silu");
    refuseUnless(
        activation.equals("silu"), file, "hidden_act: " + activation + " (expected: silu)");
    for (String bias : List.of("attention_bias", "mlp_bias")) {
      refuseUnless(!flag(json, bias, file), file, bias + ": true (expected: false)");
    }
    JsonNode scaling = json.path("rope_scaling");
    refuseUnless(
        scaling.isMissingNode() || scaling.isNull(),
        file,
        "rope_scaling: " + scaling + " (expected: absent)");
  }

  /** Some models name several end tokens; the first ends a response. */
  private static int eos(JsonNode json, Path file) throws MalformedFile {
    JsonNode first = json.path("eos_token_id").path(0);
    if (first.isMissingNode()) {
      return integer(json, "eos_token_id", DEFAULT_EOS, file);
    }
    refuseUnless(first.isInt(), file, "eos_token_id: " + first + " (expected: integers)");
    return first.asInt();
  }

  /** Newer writers nest it in rope_parameters. */
  private static double ropeTheta(JsonNode json, Path file) throws MalformedFile {
    JsonNode nested = json.path("rope_parameters");
    String type = nested.path("rope_type").asText("default");
    refuseUnless(
        type.equals("default"),
        file,
        "rope_parameters.rope_type: " + type + " (expected: default)");
    return number(nested.has("rope_theta") ? nested : json, "rope_theta", DEFAULT_THETA, file);
  }

  private static Head head(JsonNode json, String architecture, Path file) throws MalformedFile {
    return architecture.equals(SCALAR)
        ? new Head.Scalar(
            number(json, "rto_score_mean", 0, file), number(json, "rto_score_std", 1, file))
        : new Head.Language(flag(json, "tie_word_embeddings", file));
  }

  private static int integer(JsonNode json, String key, Path file) throws MalformedFile {
    refuseUnless(json.has(key), file, key + ": missing (expected: an integer)");
    JsonNode value = json.path(key);
    refuseUnless(value.isInt(), file, key + ": " + value + " (expected: an integer)");
    return value.asInt();
  }

  private static int integer(JsonNode json, String key, int otherwise, Path file)
      throws MalformedFile {
    return json.hasNonNull(key) ? integer(json, key, file) : otherwise;
  }

  private static double number(JsonNode json, String key, double otherwise, Path file)
      throws MalformedFile {
    JsonNode value = json.path(key);
    boolean absent = !json.hasNonNull(key);
    refuseUnless(absent || value.isNumber(), file, key + ": " + value + " (expected: a number)");
    return absent ? otherwise : value.asDouble();
  }

  private static boolean flag(JsonNode json, String key, Path file) throws MalformedFile {
    JsonNode value = json.path(key);
    boolean absent = !json.hasNonNull(key);
    refuseUnless(
        absent || value.isBoolean(), file, key + ": " + value + " (expected: true or false)");
    return !absent && value.asBoolean();
  }

  private static void refuseUnless(boolean condition, Path file, String reason)
      throws MalformedFile {
    if (!condition) {
      throw new MalformedFile(file, reason);
    }
  }
}
