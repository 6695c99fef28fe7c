package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.io.Safetensors.Tensor;

/** Models in several files under one index. */
class HfShardsTest extends SmallCheckpoint {

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

  private static String shard(String name) {
    return name.contains("layers.1") ? "b.safetensors" : "a.safetensors";
  }

  private void saveShards(Map<String, Tensor> tensors) throws IOException {
    Map<String, Map<String, Tensor>> shards =
        tensors.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    HfShardsTest::shard, Collectors.toMap(name -> name, tensors::get)));
    for (Map.Entry<String, Map<String, Tensor>> shard : shards.entrySet()) {
      save(shard.getValue(), shard.getKey());
    }
    Map<String, String> fileOf =
        tensors.keySet().stream().collect(Collectors.toMap(n -> n, HfShardsTest::shard));
    JSON.writeValue(
        folder.resolve("model.safetensors.index.json").toFile(), Map.of("weight_map", fileOf));
  }
}
