package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.lm.Adapter;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.lora.LoraConfig;

/** Adapters in PEFT's layout: its names and fields, and what of them is refused. */
class PeftCheckpointTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DecoderConfig CONFIG =
      new DecoderConfig(12, 16, 24, 2, 4, 2, 4, 1e-5, 10_000, 48, 1, 2, new Head.Language(false));
  private static final DecoderConfig SCALAR = CONFIG.withHead(new Head.Scalar(0.5, 2));
  private static final LoraConfig LORA = new LoraConfig(3, 6, List.of("v_proj", "gate_proj"));
  private static final List<Sequence> SEQUENCES =
      List.of(
          new Sequence(new int[] {1, 4}, new int[] {5, 6, 7}),
          new Sequence(new int[] {1}, new int[] {9}));

  /** What PEFT 0.17 writes for a LoraConfig(r=3, lora_alpha=6, target_modules=[..]). */
  private static final String BY_PEFT =
      """
      {
        "alpha_pattern": {}, "auto_mapping": null, "base_model_name_or_path": "../base",
        "bias": "none", "corda_config": null, "eva_config": null, "exclude_modules": null,
        "fan_in_fan_out": false, "inference_mode": true, "init_lora_weights": true,
        "layer_replication": null, "layers_pattern": null, "layers_to_transform": null,
        "loftq_config": {}, "lora_alpha": 6, "lora_bias": false, "lora_dropout": 0.05,
        "megatron_config": null, "megatron_core": "megatron.core", "modules_to_save": null,
        "peft_type": "LORA", "qalora_group_size": 16, "r": 3, "rank_pattern": {},
        "revision": null, "target_modules": ["v_proj", "gate_proj"], "target_parameters": null,
        "task_type": "CAUSAL_LM", "trainable_token_indices": null, "use_dora": false,
        "use_qalora": false, "use_rslora": false
      }
      """;

  @TempDir Path temp;
  private Path baseFolder;
  private Path folder;
  private Decoder base;

  @BeforeEach
  void saveBase() throws IOException {
    baseFolder = Files.createDirectory(temp.resolve("base"));
    folder = Files.createDirectory(temp.resolve("adapter"));
    base = new Decoder(CONFIG, random(CONFIG.tensors(), 1));
    HfCheckpoint.save(base, baseFolder);
  }

  @AfterEach
  void close() {
    base.close();
  }

  @Test
  void theFolderIsNamedAsPeftNamesIt() throws IOException {
    try (Decoder model = learned(CONFIG, 2)) {
      PeftCheckpoint.save(model, folder, baseFolder);
    }
    JsonNode config = JSON.readTree(folder.resolve("adapter_config.json").toFile());
    assertThat(config.get("peft_type").asText()).isEqualTo("LORA");
    assertThat(config.get("task_type").asText()).isEqualTo("CAUSAL_LM");
    assertThat(config.get("r").isInt()).isTrue();
    assertThat(config.get("lora_alpha").asInt()).isEqualTo(6);
    assertThat(config.get("lora_dropout").asDouble()).isZero();
    assertThat(config.get("target_modules")).extracting(JsonNode::asText).contains("v_proj");
    assertThat(config.get("base_model_name_or_path").asText()).isEqualTo("../base");
    // v: 2 heads of 4 from 16; gate: 24 from 16.
    Map<String, long[]> shapes = new LinkedHashMap<>();
    Safetensors.read(folder.resolve("adapter_model.safetensors"))
        .tensors()
        .forEach((name, tensor) -> shapes.put(name, tensor.shape()));
    String layer = "base_model.model.model.layers.1.";
    assertThat(shapes).hasSize(2 * 2 * 2);
    assertThat(shapes.get(layer + "self_attn.v_proj.lora_A.weight")).containsExactly(3, 16);
    assertThat(shapes.get(layer + "self_attn.v_proj.lora_B.weight")).containsExactly(8, 3);
    assertThat(shapes.get(layer + "mlp.gate_proj.lora_A.weight")).containsExactly(3, 16);
    assertThat(shapes.get(layer + "mlp.gate_proj.lora_B.weight")).containsExactly(24, 3);
  }

  @Test
  void whatIsLoadedSaysWhatWasSaved() throws IOException {
    try (Decoder model = learned(CONFIG, 3)) {
      PeftCheckpoint.save(model, folder, baseFolder);
      Path copy = Files.createDirectories(temp.resolve("deeper/copy"));
      PeftCheckpoint.copy(folder, copy, baseFolder);
      float[][] expected = said(model);
      for (Path one : List.of(folder, copy)) {
        try (Decoder over = PeftCheckpoint.load(one, base);
            Decoder alone = HfCheckpoint.load(one)) {
          assertThat(said(over)).isDeepEqualTo(expected);
          assertThat(said(alone)).isDeepEqualTo(expected);
        }
      }
      assertThat(HfCheckpoint.config(copy)).isEqualTo(CONFIG);
    }
  }

  @Test
  void aRewardModelKeepsItsHeadAndItsNormalisation() throws IOException {
    Path file = temp.resolve("travels");
    try (Decoder model = learned(SCALAR, 4)) {
      PeftCheckpoint.save(model, folder, baseFolder);
      JsonNode config = JSON.readTree(folder.resolve("adapter_config.json").toFile());
      assertThat(config.get("task_type").asText()).isEqualTo("SEQ_CLS");
      assertThat(config.get("modules_to_save")).extracting(JsonNode::asText).contains("score");
      assertThat(Safetensors.read(folder.resolve("adapter_model.safetensors")).tensors().keySet())
          .contains("base_model.model.score.weight");
      try (FileChannel out =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        PeftCheckpoint.write(model, out);
      }
      assertThat(file).hasSameBinaryContentAs(folder.resolve("adapter_model.safetensors"));
      try (FileChannel in = FileChannel.open(file);
          Decoder loaded = HfCheckpoint.load(folder);
          Decoder read = PeftCheckpoint.read(in, "travels", base)) {
        assertThat(loaded.config().head()).isEqualTo(new Head.Scalar(0.5, 2));
        assertThat(loaded.scores(SEQUENCES, 2)).containsExactly(model.scores(SEQUENCES, 2));
        assertThat(read.scores(SEQUENCES, 2)).containsExactly(model.scores(SEQUENCES, 2));
      }
    }
  }

  @Test
  void mergedItIsAModelWithoutAdapter() throws IOException {
    for (DecoderConfig config : List.of(CONFIG, SCALAR)) {
      Path adapter = Files.createDirectory(temp.resolve("of-" + config.head().hashCode()));
      Path merged = Files.createDirectory(temp.resolve("merged-" + config.head().hashCode()));
      try (Decoder model = learned(config, 5)) {
        PeftCheckpoint.save(model, adapter, baseFolder);
        try (Decoder whole = HfCheckpoint.load(adapter).merged()) {
          HfCheckpoint.save(whole, merged);
        }
        try (Decoder loaded = HfCheckpoint.load(merged)) {
          assertThat(loaded.adapter()).isEmpty();
          assertThat(loaded.config()).isEqualTo(config);
          float[] expected = flat(model);
          assertThat(flat(loaded)).usingComparatorWithPrecision(1e-4f).containsExactly(expected);
          assertThat(flat(base)).isNotEqualTo(expected);
        }
      }
    }
  }

  @Test
  void anAdapterFromPeftItselfIsRead() throws IOException {
    try (Decoder model = learned(CONFIG, 6)) {
      write(model, BY_PEFT, Map.of("format", "pt"));
      Path again = Files.createDirectory(temp.resolve("again"));
      try (Decoder loaded = HfCheckpoint.load(folder)) {
        assertThat(said(loaded)).isDeepEqualTo(said(model));
        assertThat(loaded.adapter().orElseThrow().lora().dropout()).isEqualTo(0.05);
        PeftCheckpoint.save(loaded, again, baseFolder);
      }
      JsonNode config = JSON.readTree(again.resolve("adapter_config.json").toFile());
      assertThat(config.get("lora_dropout").asDouble()).isEqualTo(0.05);
    }
  }

  @Test
  void whatWouldChangeTheMathsIsRefusedByName() throws IOException {
    Map<String, String> refused = new LinkedHashMap<>();
    refused.put("peft_type", "\"IA3\"");
    refused.put("use_dora", "true");
    refused.put("use_rslora", "true");
    refused.put("fan_in_fan_out", "true");
    refused.put("bias", "\"lora_only\"");
    refused.put("rank_pattern", "{\"q_proj\": 4}");
    refused.put("alpha_pattern", "{\"q_proj\": 4}");
    refused.put("layers_to_transform", "[0]");
    refused.put("modules_to_save", "[\"embed_tokens\"]");
    refused.put("target_modules", "\".*proj\"");
    refused.put("init_lora_weights", "\"pissa\"");
    refused.put("r", "0");
    try (Decoder model = learned(CONFIG, 7)) {
      write(model, BY_PEFT, Map.of("format", "pt"));
    }
    for (Map.Entry<String, String> field : refused.entrySet()) {
      ObjectNode config = (ObjectNode) JSON.readTree(BY_PEFT);
      config.set(field.getKey(), JSON.readTree(field.getValue()));
      Files.writeString(folder.resolve("adapter_config.json"), config.toString());
      assertThatThrownBy(() -> PeftCheckpoint.load(folder, base))
          .as(field.getKey())
          .isInstanceOf(MalformedFile.class)
          .hasMessageContaining(field.getKey().equals("r") ? "rank: 0" : field.getKey() + ": ")
          .hasMessageContaining("expected: ");
    }
  }

  @Test
  void tensorsAndBaseMustBeThere() throws IOException {
    try (Decoder model = learned(CONFIG, 8)) {
      write(model, BY_PEFT.replace("\"v_proj\"", "\"q_proj\""), Map.of());
    }
    assertThatThrownBy(() -> PeftCheckpoint.load(folder, base))
        .hasMessageContaining("model.layers.0.self_attn.q_proj.lora_A.weight: missing")
        .hasMessageContaining("model.layers.0.self_attn.v_proj.lora_A.weight: shape");
    Files.move(baseFolder, temp.resolve("elsewhere"));
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining("base_model_name_or_path: ../base (expected: the folder of");
  }

  private Decoder learned(DecoderConfig config, long seed) {
    return base.adapted(config, new Adapter(LORA, random(Adapter.tensors(config, LORA), seed)));
  }

  private void write(Decoder model, String config, Map<String, String> metadata)
      throws IOException {
    Files.writeString(folder.resolve("adapter_config.json"), config);
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    HfCheckpoint.tensors(model.trained())
        .forEach((name, tensor) -> tensors.put("base_model.model." + name, tensor));
    try (FileChannel out =
        FileChannel.open(
            folder.resolve("adapter_model.safetensors"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      Safetensors.write(new Safetensors.Content(tensors, metadata), out);
    }
  }

  private static float[][] said(Decoder model) {
    return model.logProbs(SEQUENCES, 1, 2).toArray(float[][]::new);
  }

  private static float[] flat(Decoder model) {
    return model.config().head() instanceof Head.Scalar
        ? model.scores(SEQUENCES, 2)
        : model.logProbs(SEQUENCES, 1, 2).get(0);
  }

  private static Weights random(Map<String, long[]> shapes, long seed) {
    Random random = new Random(seed);
    return Weights.from(
        shapes,
        (name, shape, scope) -> {
          float[] values = new float[(int) new Shape(shape).size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.3 * random.nextGaussian() + (shape.length == 1 ? 1 : 0));
          }
          return scope.create(values, new Shape(shape));
        });
  }
}
