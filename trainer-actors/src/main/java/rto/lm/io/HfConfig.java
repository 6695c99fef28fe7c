package rto.lm.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import rto.lm.ComputeType;
import rto.lm.DecoderConfig;
import rto.lm.Family;
import rto.lm.Head;

/** config.json in the Hugging Face layout, to and from {@link DecoderConfig}. */
final class HfConfig {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String COMPUTE_TYPE = "rto_compute_type";
  private static final String EOS = "eos_token_id";
  private static final int DEFAULT_BOS = 1;
  private static final int DEFAULT_EOS = 2;
  private static final double DEFAULT_NORM_EPS = 1e-6;

  private HfConfig() {}

  static DecoderConfig read(Path file) throws IOException {
    return parse(Files.readString(file), file);
  }

  /** Fields that {@link #read} passes over without knowing them to be harmless. */
  static List<String> unknownFields(Path file) throws IOException {
    return HfUnread.unknown(JsonFields.parse(Files.readString(file), file).json());
  }

  /** {@code file} is for errors. */
  static DecoderConfig parse(String text, Path file) throws IOException {
    JsonFields config = JsonFields.parse(text, file);
    Family family = HfTraits.family(config);
    HfUnread.refuseOtherMaths(config);
    int hidden = config.integer("hidden_size");
    int heads = config.integer("num_attention_heads");
    config.refuseUnless(heads > 0, "num_attention_heads", heads, "> 0");
    int layers = config.integer("num_hidden_layers");
    int positions = config.integer("max_position_embeddings");
    try {
      return new DecoderConfig(
          config.integer("vocab_size"),
          hidden,
          config.integer("intermediate_size"),
          layers,
          heads,
          config.integer("num_key_value_heads", HfTraits.defaultKvHeads(config, family, heads)),
          config.integer("head_dim", HfTraits.defaultHeadSize(config, family, hidden, heads)),
          config.number("rms_norm_eps", DEFAULT_NORM_EPS),
          HfRope.read(config),
          positions,
          bos(config, family),
          eos(config, family),
          HfTraits.read(config, family, layers, positions),
          head(config, family));
    } catch (IllegalArgumentException e) {
      throw new MalformedFile(file, e.getMessage());
    }
  }

  /** What a model that {@link #write} described computes in; float32 if nothing is said. */
  static ComputeType computeType(String text, Path file) throws MalformedFile {
    String name = JsonFields.parse(text, file).get(COMPUTE_TYPE).asText(ComputeType.FLOAT32.name());
    try {
      return ComputeType.valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new MalformedFile(
          file, COMPUTE_TYPE + ": " + name + " (expected: float32, bfloat16 or float16)");
    }
  }

  /** In float32. */
  static String write(DecoderConfig c) throws IOException {
    return write(c, ComputeType.FLOAT32);
  }

  /**
   * @param type says nothing about the values in the file, which are float32
   */
  static String write(DecoderConfig c, ComputeType type) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    Family family = c.traits().family();
    json.putArray("architectures")
        .add(
            c.head() instanceof Head.Scalar
                ? family.scalarArchitecture()
                : family.languageArchitecture());
    json.put("model_type", family.modelType());
    json.put("vocab_size", c.vocabSize());
    json.put("hidden_size", c.hiddenSize());
    json.put("intermediate_size", c.feedForwardSize());
    json.put("num_hidden_layers", c.layers());
    json.put("num_attention_heads", c.queryHeads());
    json.put("num_key_value_heads", c.kvHeads());
    json.put("head_dim", c.headSize());
    json.put("hidden_act", "silu");
    json.put("rms_norm_eps", c.normEps());
    HfRope.write(c.rope(), json);
    json.put("max_position_embeddings", c.maxPositions());
    HfTraits.write(c.traits(), c.layers(), json);
    putTokens(c, json);
    json.put("torch_dtype", "float32");
    if (type != ComputeType.FLOAT32) {
      json.put(COMPUTE_TYPE, type.name().toLowerCase(Locale.ROOT));
    }
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
    putTokens(c, json);
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }

  private static void putTokens(DecoderConfig c, ObjectNode json) {
    json.set("bos_token_id", id(c.bosToken()));
    if (c.eosTokens().size() > 1) {
      c.eosTokens().forEach(json.putArray(EOS)::add);
    } else {
      json.set(EOS, id(c.eosTokens().stream().mapToInt(i -> i).findFirst()));
    }
  }

  private static JsonNode id(OptionalInt token) {
    return token.isPresent() ? IntNode.valueOf(token.getAsInt()) : NullNode.getInstance();
  }

  /** null means that there is none. */
  private static OptionalInt bos(JsonFields config, Family family) throws MalformedFile {
    return config.json().has("bos_token_id")
        ? config.optionalInteger("bos_token_id")
        : HfTraits.defaultToken(family, DEFAULT_BOS);
  }

  private static List<Integer> eos(JsonFields config, Family family) throws MalformedFile {
    return config.json().has(EOS)
        ? config.integers(EOS)
        : HfTraits.defaultToken(family, DEFAULT_EOS).stream().boxed().toList();
  }

  /** The end tokens that generation_config.json names, if it names some. */
  static List<Integer> generationEnds(Path file) throws IOException {
    return JsonFields.parse(Files.readString(file), file).integers(EOS);
  }

  private static Head head(JsonFields config, Family family) throws MalformedFile {
    String architecture = config.get("architectures").path(0).asText();
    return architecture.equals(family.scalarArchitecture())
        ? new Head.Scalar(config.number("rto_score_mean", 0), config.number("rto_score_std", 1))
        : new Head.Language(config.flag("tie_word_embeddings", false));
  }
}
