package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.checkpoint.ScratchFile;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.lm.io.Safetensors.Content;
import rto.lm.io.Safetensors.Tensor;
import rto.lm.io.Safetensors.Type;

class HfCheckpointTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NORM = "model.norm.weight";
  private static final DecoderConfig CONFIG =
      new DecoderConfig(19, 8, 12, 2, 4, 2, 4, 1e-5, 10_000, 64, 1, 2, new Head.Language(false));

  @TempDir Path folder;
  private Decoder model;

  @BeforeEach
  void create() {
    model = new Decoder(CONFIG, Weights.random(CONFIG, 1));
  }

  @AfterEach
  void close() {
    model.close();
  }

  @Test
  void savedModelLoadsBitEqual() throws IOException {
    for (Head head :
        List.of(new Head.Language(false), new Head.Language(true), new Head.Scalar(0.1, 2))) {
      DecoderConfig config = CONFIG.withHead(head);
      Path place = Files.createDirectory(folder.resolve(head.toString().replaceAll("\\W", "-")));
      try (Decoder saved = new Decoder(config, Weights.random(config, 2))) {
        HfCheckpoint.save(saved, place);
        try (Decoder loaded = HfCheckpoint.load(place)) {
          assertSame(saved, loaded);
        }
      }
    }
  }

  @Test
  void bytesAreThoseOfTheModelAloneAndLoadBitEqual() throws IOException {
    byte[] bytes = bytes(model);
    assertThat(bytes(model)).isEqualTo(bytes);
    try (ScratchFile file = ScratchFile.of(bytes);
        Decoder copy = new Decoder(CONFIG, model.weights().copy());
        Decoder loaded = HfCheckpoint.read(file.channel(), "weights of version 3")) {
      assertThat(bytes(copy)).isEqualTo(bytes);
      assertThat(bytes(loaded)).isEqualTo(bytes);
      assertSame(model, loaded);
    }
    try (ScratchFile cut = ScratchFile.of(Arrays.copyOf(bytes, bytes.length - 1))) {
      assertThatThrownBy(() -> HfCheckpoint.read(cut.channel(), "weights of version 3"))
          .isInstanceOf(MalformedFile.class)
          .hasMessageContaining("weights of version 3");
    }
  }

  private static byte[] bytes(Decoder model) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    HfCheckpoint.write(model, Channels.newChannel(bytes));
    return bytes.toByteArray();
  }

  @Test
  void aModelIsNeverOverwritten() throws IOException {
    HfCheckpoint.save(model, folder);
    DecoderConfig tied = CONFIG.withHead(new Head.Language(true));
    try (Decoder other = new Decoder(tied, Weights.random(tied, 5))) {
      assertThatThrownBy(() -> HfCheckpoint.save(other, folder))
          .isInstanceOf(FileAlreadyExistsException.class);
    }
    try (Decoder loaded = HfCheckpoint.load(folder)) {
      assertSame(model, loaded);
    }
  }

  @Test
  void generationConfigNamesBeginAndEnd() throws IOException {
    HfCheckpoint.save(model, folder);
    JsonNode json = JSON.readTree(folder.resolve("generation_config.json").toFile());
    assertThat(json.get("bos_token_id").asInt()).isEqualTo(1);
    assertThat(json.get("eos_token_id").asInt()).isEqualTo(2);
  }

  @Test
  void whatOlderProgramsStoredBesideAModelIsPassedOver() throws IOException {
    DecoderConfig tied = CONFIG.withHead(new Head.Language(true));
    try (Decoder small = new Decoder(tied, Weights.random(tied, 3))) {
      Map<String, Tensor> tensors = tensors(small);
      tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", tensor(2));
      tensors.put("lm_head.weight", tensors.get("model.embed_tokens.weight"));
      Files.writeString(folder.resolve("config.json"), HfConfig.write(tied));
      saveFile(tensors, folder.resolve("model.safetensors"));
      try (Decoder loaded = HfCheckpoint.load(folder)) {
        assertSame(small, loaded);
      }
      tensors.put("lm_head.weight", tensor(19, 8));
      saveFile(tensors, folder.resolve("model.safetensors"));
      assertThatThrownBy(() -> HfCheckpoint.load(folder))
          .isInstanceOf(MalformedFile.class)
          .hasMessageContaining("lm_head.weight: shape [19, 8] (expected: no such tensor)");
    }
  }

  @Test
  void theDecoderRemainsUsableAfterItsFileIsGone() throws IOException {
    HfCheckpoint.save(model, folder);
    try (Decoder loaded = HfCheckpoint.load(folder)) {
      Files.write(folder.resolve("model.safetensors"), new byte[0]);
      assertSame(model, loaded);
    }
  }

  @Test
  void missingSuperfluousAndMisshapenTensorsAreAllNamedWithShapesAndFile() throws IOException {
    Map<String, Tensor> tensors = tensors();
    tensors.remove(NORM);
    tensors.put("model.rotary.inv_freq", tensor(3));
    tensors.put("lm_head.weight", tensor(19, 7));
    Path file = save(tensors, "model.safetensors");
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(NORM + ": missing (expected: shape [8]) in " + file)
        .hasMessageContaining("lm_head.weight: shape [19, 7] (expected: [19, 8]) in " + file)
        .hasMessageContaining(
            "model.rotary.inv_freq: shape [3] (expected: no such tensor) in " + file);
  }

  @Test
  void aFolderWithoutConfigOrWeightsIsRefused() throws IOException {
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .hasMessageContaining("model: " + folder)
        .hasMessageContaining("config.json");
    Files.writeString(folder.resolve("config.json"), HfConfig.write(CONFIG));
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .hasMessageContaining(folder.resolve("model.safetensors").toString());
  }

  @Test
  void shardsLoadAsTheWhole() throws IOException {
    saveShards(tensors());
    try (Decoder loaded = HfCheckpoint.load(folder)) {
      assertSame(model, loaded);
    }
  }

  @Test
  void aShardThatIsNotThereIsNamed() throws IOException {
    saveShards(tensors());
    Files.delete(folder.resolve("b.safetensors"));
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessage(
            "%s: missing (%s names it)",
            folder.resolve("b.safetensors"), folder.resolve("model.safetensors.index.json"));
  }

  @Test
  void aTensorThatItsShardLacksIsNamed() throws IOException {
    Map<String, Tensor> tensors = tensors();
    saveShards(tensors);
    Files.delete(folder.resolve("a.safetensors"));
    tensors.keySet().removeIf(name -> !shard(name).equals("a.safetensors"));
    tensors.remove(NORM);
    saveFile(tensors, folder.resolve("a.safetensors"));
    assertThatThrownBy(() -> HfCheckpoint.load(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining("a.safetensors")
        .hasMessageContaining(NORM + ": missing (the index names it)");
  }

  @Test
  void aDamagedIndexIsNamed() throws IOException {
    save(tensors(), "model.safetensors");
    for (String text : List.of("{", "{}", "{\"weight_map\": {}}")) {
      Files.writeString(folder.resolve("model.safetensors.index.json"), text);
      assertThatThrownBy(() -> HfCheckpoint.load(folder))
          .isInstanceOf(MalformedFile.class)
          .hasMessageContaining("model.safetensors.index.json");
    }
  }

  /** Read with nothing but the rules of the format: no class of this package helps. */
  @Test
  void aLargeModelIsWrittenInShardsThatFollowTheRulesOfTheFormat() throws IOException {
    HfCheckpoint.save(model, folder, ComputeType.FLOAT32, 1_500);
    JsonNode index = JSON.readTree(folder.resolve("model.safetensors.index.json").toFile());
    long parameters = CONFIG.parameters();
    assertThat(index.at("/metadata/total_size").asLong()).isEqualTo(4 * parameters);
    assertThat(names(index.get("weight_map"))).isEqualTo(CONFIG.tensors().keySet());
    List<Path> shards = shards(folder);
    long values = 0;
    for (int i = 0; i < shards.size(); i++) {
      String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
      assertThat(shards.get(i)).hasFileName(name);
      values += checkShard(shards.get(i), index.get("weight_map"));
    }
    assertThat(shards).hasSizeGreaterThan(2);
    assertThat(values).isEqualTo(4 * parameters);
    assertThat(folder.resolve("model.safetensors")).doesNotExist();
    try (Decoder loaded = HfCheckpoint.load(folder)) {
      assertSame(model, loaded);
    }
  }

  /** Of bfloat16 DJL says that it has no bytes, of float64 that it has twice as many. */
  @Test
  void weightsInOtherNumbersAreRefusedBeforeAnythingIsWritten() throws IOException {
    Path saved = Files.createDirectory(folder.resolve("saved"));
    Path refused = Files.createDirectory(folder.resolve("refused"));
    HfCheckpoint.save(model, saved, ComputeType.BFLOAT16);
    List<ThrowingCallable> uses = new ArrayList<>();
    try (Decoder rounded = HfCheckpoint.loadFrozen(saved);
        Decoder wide = HfCheckpoint.load(saved, Safetensors.Type.F64)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (Decoder other : List.of(rounded, wide)) {
        uses.add(() -> HfCheckpoint.save(other, refused));
        uses.add(() -> HfCheckpoint.write(other, Channels.newChannel(bytes)));
        uses.add(() -> other.weights().digest(MessageDigest.getInstance("SHA-256")));
      }
      for (ThrowingCallable use : uses) {
        assertThatThrownBy(use)
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageMatching(
                "tensor model.embed_tokens.weight: (unknown|float64) \\(expected: float32, .*");
      }
      assertThat(bytes.size()).isZero();
      assertThat(refused).isEmptyDirectory();
    }
  }

  private static Set<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).collect(Collectors.toSet());
  }

  private static List<Path> shards(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  /** Eight bytes of length, a JSON header padded to eight, values without gaps to the end. */
  private static long checkShard(Path shard, JsonNode fileOf) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(shard)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) bytes.getLong();
    assertThat(length % 8).isZero();
    JsonNode header = JSON.readTree(bytes.array(), 8, length);
    assertThat(header.at("/__metadata__/format").asText()).isEqualTo("pt");
    long end = 0;
    for (Map.Entry<String, JsonNode> tensor : header.properties()) {
      if (tensor.getKey().equals("__metadata__")) {
        continue;
      }
      assertThat(fileOf.get(tensor.getKey()).asText()).isEqualTo(shard.getFileName().toString());
      assertThat(tensor.getValue().get("dtype").asText()).isEqualTo("F32");
      assertThat(tensor.getValue().at("/data_offsets/0").asLong()).isEqualTo(end);
      end = tensor.getValue().at("/data_offsets/1").asLong();
    }
    assertThat(bytes.capacity()).isEqualTo(8 + length + end);
    assertThat(end <= 1_500 || header.size() == 2).as("small, or one tensor alone").isTrue();
    return end;
  }

  /** Tokenizer, template and generation settings travel; sizes and architecture are told. */
  @Test
  void aFolderHasWhatOtherProgramsNeed() throws IOException {
    Path published = Path.of("src/test/resources/tokenizers/qwen25");
    DecoderConfig config = HfCheckpoint.config(published);
    Tokenizer.copyFiles(published, folder);
    try (Decoder written = new Decoder(config, Weights.random(config, 3))) {
      HfCheckpoint.save(written, folder);
    }
    for (String name :
        List.of(
            "tokenizer.json",
            "tokenizer_config.json",
            "chat_template.jinja",
            "generation_config.json")) {
      assertThat(folder.resolve(name)).hasSameBinaryContentAs(published.resolve(name));
    }
    JsonNode json = JSON.readTree(folder.resolve("config.json").toFile());
    assertThat(json.at("/architectures/0").asText()).isEqualTo("Qwen2ForCausalLM");
    assertThat(json.get("torch_dtype").asText()).isEqualTo("float32");
    assertThat(json.get("eos_token_id").toString())
        .isEqualTo(
            JSON.readTree(published.resolve("generation_config.json").toFile())
                .get("eos_token_id")
                .toString());
    assertThat(HfCheckpoint.config(folder)).isEqualTo(config);
  }

  /** 1 + 2⁻⁸ lies between two bfloat16 numbers, 1 and 1 + 2⁻⁷: to even, 1. float64 has it. */
  @Test
  void weightsMayHaveAnotherTypeInMemory() throws IOException {
    model.weights().get(NORM).muli(0).addi(1 + Math.scalb(1.0, -8));
    HfCheckpoint.save(model, folder);
    try (Decoder rounded = HfCheckpoint.load(folder, Type.BF16);
        Decoder exact = HfCheckpoint.load(folder, Type.F64)) {
      assertThat(rounded.weights().get(NORM).toType(DataType.FLOAT32, true).toFloatArray())
          .containsOnly(1f);
      assertThat(exact.weights().get(NORM).toDoubleArray()).containsOnly(1.00390625);
    }
  }

  @Test
  void halfPrecisionAndDoubleFilesAreConverted() throws IOException {
    // 1.5 is 0x3E00 in float16 and 0x3FC0 in bfloat16; −0.0625 is 0xAC00 and 0xBD80.
    Map<Type, byte[][]> spelled =
        Map.of(
            Type.F16, new byte[][] {{0x00, 0x3E}, {0x00, (byte) 0xAC}},
            Type.BF16, new byte[][] {{(byte) 0xC0, 0x3F}, {(byte) 0x80, (byte) 0xBD}},
            Type.F64,
                new byte[][] {
                  {0, 0, 0, 0, 0, 0, (byte) 0xF8, 0x3F},
                  {0, 0, 0, 0, 0, 0, (byte) 0xB0, (byte) 0xBF}
                });
    for (Type type : spelled.keySet()) {
      ByteBuffer values = ByteBuffer.allocate(8 * type.bytes);
      for (int i = 0; i < 8; i++) {
        values.put(spelled.get(type)[i % 2]);
      }
      Map<String, Tensor> tensors = tensors();
      tensors.put(NORM, new Tensor(type, new long[] {8}, values::flip));
      Path place = Files.createDirectory(folder.resolve(type.name()));
      Files.writeString(place.resolve("config.json"), HfConfig.write(CONFIG));
      saveFile(tensors, place.resolve("model.safetensors"));
      try (Decoder loaded = HfCheckpoint.load(place)) {
        assertThat(loaded.weights().get(NORM).toFloatArray())
            .containsExactly(1.5f, -0.0625f, 1.5f, -0.0625f, 1.5f, -0.0625f, 1.5f, -0.0625f);
      }
    }
  }

  private Map<String, Tensor> tensors() {
    return tensors(model);
  }

  private static Map<String, Tensor> tensors(Decoder model) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    model
        .weights()
        .byName()
        .forEach(
            (name, array) ->
                tensors.put(
                    name,
                    new Tensor(Type.F32, array.getShape().getShape(), () -> Weights.bytes(array))));
    return tensors;
  }

  private static Tensor tensor(long... shape) {
    int bytes = (int) new Shape(shape).size() * 4;
    return new Tensor(Type.F32, shape, () -> ByteBuffer.allocate(bytes));
  }

  private Path save(Map<String, Tensor> tensors, String name) throws IOException {
    Files.writeString(folder.resolve("config.json"), HfConfig.write(CONFIG));
    return saveFile(tensors, folder.resolve(name));
  }

  private static Path saveFile(Map<String, Tensor> tensors, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      Safetensors.write(new Content(tensors, Map.of()), Channels.newChannel(out));
    }
    return file;
  }

  private static String shard(String name) {
    return name.contains("layers.1") ? "b.safetensors" : "a.safetensors";
  }

  private void saveShards(Map<String, Tensor> tensors) throws IOException {
    Map<String, Map<String, Tensor>> shards =
        tensors.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    HfCheckpointTest::shard, Collectors.toMap(name -> name, tensors::get)));
    for (Map.Entry<String, Map<String, Tensor>> shard : shards.entrySet()) {
      save(shard.getValue(), shard.getKey());
    }
    Map<String, String> fileOf =
        tensors.keySet().stream().collect(Collectors.toMap(n -> n, HfCheckpointTest::shard));
    JSON.writeValue(
        folder.resolve("model.safetensors.index.json").toFile(), Map.of("weight_map", fileOf));
  }

  private static void assertSame(Decoder expected, Decoder actual) {
    assertThat(actual.config()).isEqualTo(expected.config());
    assertThat(actual.weights().names()).isEqualTo(expected.weights().names());
    for (String name : expected.weights().names()) {
      assertThat(actual.weights().get(name).toFloatArray())
          .containsExactly(expected.weights().get(name).toFloatArray());
    }
  }
}
