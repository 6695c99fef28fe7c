package rto.lm.io;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.protocol.Require;

/**
 * The tensors of a model's files: model.safetensors, or shards that model.safetensors.index.json
 * names.
 */
final class HfTensors {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String WEIGHT_MAP = "weight_map";

  /** One tensor and the file that holds it. */
  private record Found(Safetensors.Tensor tensor, Path file) {}

  private final Map<String, Found> found;
  private final Path file;

  private HfTensors(Map<String, Found> found, Path file) {
    this.found = found;
    this.file = file;
  }

  static HfTensors inFolder(Path folder) throws IOException {
    Path index = folder.resolve(INDEX);
    Path whole = folder.resolve(WEIGHTS);
    return Files.exists(index) ? new HfTensors(inShards(folder, index), whole) : inFile(whole);
  }

  static HfTensors inFile(Path file) throws IOException {
    return new HfTensors(inOneFile(file), file);
  }

  static HfTensors in(Safetensors.Content content, Path file) {
    return new HfTensors(found(content, file), file);
  }

  private static Map<String, Found> found(Safetensors.Content content, Path file) {
    Map<String, Found> found = new LinkedHashMap<>();
    content.tensors().forEach((name, tensor) -> found.put(name, new Found(tensor, file)));
    return found;
  }

  private static Map<String, Found> inOneFile(Path file) throws IOException {
    Require.that(Files.isRegularFile(file), "weights: %s (expected: a file)", file);
    return found(Safetensors.read(file), file);
  }

  private static Map<String, Found> inShards(Path folder, Path index) throws IOException {
    Map<String, String> fileOf = new LinkedHashMap<>();
    weightMap(index).properties().forEach(e -> fileOf.put(e.getKey(), e.getValue().asText()));
    if (fileOf.isEmpty()) {
      throw new MalformedFile(index, WEIGHT_MAP + ": missing or empty (expected: tensor to file)");
    }
    Map<String, Found> found = new LinkedHashMap<>();
    for (String shard : new TreeSet<>(fileOf.values())) {
      if (!Files.isRegularFile(folder.resolve(shard))) {
        throw new MalformedFile(folder.resolve(shard), "missing (" + index + " names it)");
      }
      found.putAll(inOneFile(folder.resolve(shard)));
    }
    for (Map.Entry<String, String> entry : fileOf.entrySet()) {
      Found tensor = found.get(entry.getKey());
      if (tensor == null || !tensor.file().endsWith(entry.getValue())) {
        throw new MalformedFile(
            folder.resolve(entry.getValue()), entry.getKey() + ": missing (the index names it)");
      }
    }
    return found;
  }

  private static JsonNode weightMap(Path index) throws IOException {
    try {
      return JSON.readTree(index.toFile()).path(WEIGHT_MAP);
    } catch (JsonProcessingException e) {
      throw new MalformedFile(index, e.getOriginalMessage());
    }
  }

  /**
   * All tensors of {@code config}, in libtorch's memory.
   *
   * @throws MalformedFile naming every tensor that is missing, superfluous or of another shape
   */
  Weights weights(DecoderConfig config, Safetensors.Type type) throws IOException {
    refuseDifferences(config.tensors(), name -> isRepeated(name, config));
    return weights(config.tensors(), type);
  }

  /**
   * Exactly these tensors, in float32.
   *
   * @throws MalformedFile as above
   */
  Weights weights(Map<String, long[]> shapes) throws IOException {
    refuseDifferences(shapes, name -> false);
    return weights(shapes, Safetensors.Type.F32);
  }

  private Weights weights(Map<String, long[]> shapes, Safetensors.Type type) {
    return Weights.of(
        shapes, (name, shape, scope) -> TensorReader.read(found.get(name).tensor(), type, scope));
  }

  /**
   * Adds names and values of all tensors of {@code config}, which are float32, to a digest.
   *
   * @throws MalformedFile as above, or naming a tensor of another type
   */
  void digest(DecoderConfig config, MessageDigest digest) throws IOException {
    refuseDifferences(config.tensors(), name -> isRepeated(name, config));
    for (String name : config.tensors().keySet()) {
      Found there = found.get(name);
      if (there.tensor().type() != Safetensors.Type.F32) {
        throw new MalformedFile(
            there.file(), name + ": " + there.tensor().type() + " (expected: F32)");
      }
      digest.update(name.getBytes(StandardCharsets.UTF_8));
      there.tensor().forEachPart((from, bytes) -> digest.update(bytes));
    }
  }

  /** All differences at once: a checkpoint of another model has many. */
  private void refuseDifferences(Map<String, long[]> shapes, Predicate<String> surplus)
      throws MalformedFile {
    List<String> problems = new ArrayList<>();
    shapes.forEach((name, shape) -> problems.addAll(differences(name, shape)));
    found.forEach(
        (name, there) -> {
          if (!shapes.containsKey(name) && !surplus.test(name)) {
            problems.add(
                String.format(
                    "%s: shape %s (expected: no such tensor) in %s",
                    name, Arrays.toString(there.tensor().shape()), there.file()));
          }
        });
    if (!problems.isEmpty()) {
      throw new MalformedFile(file, String.join("; ", problems));
    }
  }

  private List<String> differences(String name, long[] shape) {
    Found there = found.get(name);
    String expected = Arrays.toString(shape);
    if (there == null) {
      return List.of(name + ": missing (expected: shape " + expected + ") in " + file);
    }
    return Arrays.equals(there.tensor().shape(), shape)
        ? List.of()
        : List.of(
            String.format(
                "%s: shape %s (expected: %s) in %s",
                name, Arrays.toString(there.tensor().shape()), expected, there.file()));
  }

  private boolean isRepeated(String name, DecoderConfig config) {
    if (name.endsWith(".rotary_emb.inv_freq")) {
      return true;
    }
    boolean tied = config.head() instanceof Head.Language language && language.tied();
    Found embedding = found.get("model.embed_tokens.weight");
    return tied
        && name.equals("lm_head.weight")
        && embedding != null
        && found.get(name).tensor().type() == embedding.tensor().type()
        && TensorReader.areEqual(found.get(name).tensor(), embedding.tensor());
  }

  /**
   * Writes one file, or shards and their index if there is more than {@code maxShard} bytes.
   *
   * @throws java.nio.file.FileAlreadyExistsException if one of them is there
   */
  static void save(Map<String, Safetensors.Tensor> tensors, Path folder, long maxShard)
      throws IOException {
    List<Map<String, Safetensors.Tensor>> shards = shards(tensors, maxShard);
    Map<String, String> metadata = Map.of("format", "pt");
    ObjectNode index = JSON.createObjectNode();
    long total = tensors.values().stream().mapToLong(Safetensors.Tensor::bytes).sum();
    index.putObject("metadata").put("total_size", total);
    ObjectNode fileOf = index.putObject(WEIGHT_MAP);
    for (int i = 0; i < shards.size(); i++) {
      String name =
          shards.size() == 1
              ? WEIGHTS
              : String.format("model-%05d-of-%05d.safetensors", i + 1, shards.size());
      save(new Safetensors.Content(shards.get(i), metadata), folder.resolve(name));
      shards.get(i).keySet().forEach(tensor -> fileOf.put(tensor, name));
    }
    if (shards.size() > 1) {
      String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(index);
      saveText(text + "\n", folder.resolve(INDEX));
    }
  }

  private static List<Map<String, Safetensors.Tensor>> shards(
      Map<String, Safetensors.Tensor> tensors, long maxShard) {
    List<Map<String, Safetensors.Tensor>> shards = new ArrayList<>();
    long size = 0;
    for (Map.Entry<String, Safetensors.Tensor> entry : tensors.entrySet()) {
      long bytes = entry.getValue().bytes();
      if (shards.isEmpty() || size + bytes > maxShard) {
        shards.add(new LinkedHashMap<>());
        size = 0;
      }
      shards.get(shards.size() - 1).put(entry.getKey(), entry.getValue());
      size += bytes;
    }
    return shards;
  }

  static void save(Safetensors.Content content, Path file) throws IOException {
    try (FileChannel out = FileChannel.open(file, CREATE_NEW, WRITE)) {
      Safetensors.write(content, out);
      out.force(true);
    }
  }

  static void saveText(String text, Path file) throws IOException {
    try (FileChannel out = FileChannel.open(file, CREATE_NEW, WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
  }
}
