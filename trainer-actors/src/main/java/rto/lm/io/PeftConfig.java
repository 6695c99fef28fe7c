package rto.lm.io;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import rto.lm.lora.LoraConfig;

/**
 * adapter_config.json as PEFT writes it. What would change the maths and is not read here is
 * refused by name; what decides first values or loading only is passed over.
 *
 * @param scalarHead whether a scalar head was trained beside the pairs
 * @param base where the base lies, seen from the adapter's folder, or what the file calls it
 */
record PeftConfig(LoraConfig lora, boolean scalarHead, Optional<String> base) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BASE = "base_model_name_or_path";
  private static final String SAVED = "modules_to_save";
  private static final String TARGETS = "target_modules";
  private static final String FIRST_VALUES = "init_lora_weights";
  private static final String DROPOUT = "lora_dropout";
  private static final String SCORE = "score";

  /** Fields that must be absent, null, false, zero or empty. */
  private static final List<String> OFF =
      List.of(
          "use_dora",
          "use_rslora",
          "fan_in_fan_out",
          "lora_bias",
          "layers_to_transform",
          "layers_pattern",
          "rank_pattern",
          "alpha_pattern",
          "exclude_modules",
          "target_parameters",
          "trainable_token_indices",
          "layer_replication",
          "megatron_config",
          "use_qalora",
          "use_bdlora",
          "alora_invocation_tokens");

  /** First values that leave the base as it is. */
  private static final Set<String> PLAIN = Set.of("", "gaussian", "eva", "orthogonal");

  /** {@code file} is for errors. */
  static PeftConfig parse(String text, Path file) throws IOException {
    JsonFields config = JsonFields.parse(text, file);
    config.refuseUnless(
        config.text("peft_type", "").equals("LORA"), "peft_type", config.get("peft_type"), "LORA");
    config.refuseUnless(
        config.text("bias", "none").equals("none"), "bias", config.get("bias"), "none");
    config.refuseUnless(
        PLAIN.contains(config.get(FIRST_VALUES).asText("").replaceAll("true|false|null", "")),
        FIRST_VALUES,
        config.get(FIRST_VALUES),
        "true, or another that leaves the base as it is");
    for (String field : OFF) {
      config.refuseUnless(isOff(config.get(field)), field, config.get(field), "none");
    }
    try {
      return new PeftConfig(
          new LoraConfig(
              config.integer("r"),
              config.number("lora_alpha"),
              targets(config),
              config.number(DROPOUT, 0)),
          scalarHead(config),
          Optional.of(config.text(BASE, "")).filter(name -> !name.isEmpty()));
    } catch (IllegalArgumentException e) {
      throw new MalformedFile(file, e.getMessage());
    }
  }

  private static boolean isOff(JsonNode value) {
    return value.isMissingNode()
        || value.isNull()
        || value.isBoolean() && !value.asBoolean()
        || value.isContainerNode() && value.isEmpty();
  }

  /** A list of names; a name alone is a pattern, of which only the one for all is read. */
  private static List<String> targets(JsonFields config) throws MalformedFile {
    JsonNode value = config.get(TARGETS);
    if (value.asText().equals("all-linear")) {
      return LoraConfig.MODULES;
    }
    config.refuseUnless(value.isArray(), TARGETS, value, "a list of names, or all-linear");
    List<String> names = new ArrayList<>();
    value.forEach(name -> names.add(name.asText()));
    return names;
  }

  private static boolean scalarHead(JsonFields config) throws MalformedFile {
    List<String> saved = new ArrayList<>();
    config.get(SAVED).forEach(name -> saved.add(name.asText()));
    // PEFT names both for every classifier; a model has one of them.
    config.refuseUnless(
        Set.of(SCORE, "classifier").containsAll(saved), SAVED, saved, "none, or [" + SCORE + "]");
    return saved.contains(SCORE);
  }

  String write() throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("peft_type", "LORA");
    json.put("task_type", scalarHead ? "SEQ_CLS" : "CAUSAL_LM");
    json.put(BASE, base.orElse(null));
    json.put("r", lora.rank());
    if (lora.alpha() == Math.rint(lora.alpha()) && lora.alpha() < Integer.MAX_VALUE) {
      json.put("lora_alpha", (int) lora.alpha());
    } else {
      json.put("lora_alpha", lora.alpha());
    }
    json.put(DROPOUT, lora.dropout());
    lora.targetModules().forEach(json.putArray(TARGETS)::add);
    json.put("bias", "none");
    json.put("fan_in_fan_out", false);
    json.put(FIRST_VALUES, true);
    json.put("use_rslora", false);
    json.put("use_dora", false);
    json.put("inference_mode", true);
    if (scalarHead) {
      json.putArray(SAVED).add(SCORE);
    } else {
      json.putNull(SAVED);
    }
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n";
  }
}
