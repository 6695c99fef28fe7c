package rto.lm.io;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Weights;
import rto.protocol.Require;

/**
 * A model as a folder in the Hugging Face layout: config.json and model.safetensors, or shards
 * named by model.safetensors.index.json. Also one model as one safetensors file that carries its
 * configuration, which is how weights travel between nodes.
 */
public final class HfCheckpoint {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String CONFIG = "config.json";
  private static final String GENERATION = "generation_config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String CONFIG_KEY = "config";
  private static final Logger LOG = LoggerFactory.getLogger(HfCheckpoint.class);

  private HfCheckpoint() {}

  /** One tensor and the file that holds it. */
  private record Found(Safetensors.Tensor tensor, Path file) {}

  /**
   * Loads a model; an adapter with its base. What older programs stored beside it is passed over:
   * rotary frequencies, which the configuration has, and a second copy of a tied head.
   *
   * @throws MalformedFile naming the tensor, both shapes and the file, if a tensor is missing,
   *     superfluous or of another shape than config.json says
   */
  public static Decoder load(Path folder) throws IOException {
    if (PeftCheckpoint.isAdapter(folder)) {
      try (Decoder base = load(PeftCheckpoint.base(folder))) {
        return PeftCheckpoint.load(folder, base);
      }
    }
    DecoderConfig config = config(folder);
    List<String> unknown = HfConfig.unknownFields(folder.resolve(CONFIG));
    if (!unknown.isEmpty()) {
      LOG.warn(
          "{}: ignored, as {} does not read it: {}",
          folder.resolve(CONFIG),
          config.traits().family().languageArchitecture(),
          String.join(", ", unknown));
    }
    return decoder(config, find(folder), folder.resolve(WEIGHTS));
  }

  /** Loads a model; an adapter is added to its base. */
  public static Decoder loadMerged(Path folder) throws IOException {
    Decoder model = load(folder);
    return model.adapter().isPresent() ? model.merged() : model;
  }

  /**
   * Reads a model folder's configuration, or that of an adapter's base; the end tokens are those of
   * both files.
   */
  public static DecoderConfig config(Path folder) throws IOException {
    if (PeftCheckpoint.isAdapter(folder)) {
      return config(PeftCheckpoint.base(folder));
    }
    Require.that(
        Files.isRegularFile(folder.resolve(CONFIG)),
        "model: %s (expected: a folder with %s and %s)",
        folder,
        CONFIG,
        WEIGHTS);
    DecoderConfig config = HfConfig.read(folder.resolve(CONFIG));
    Path generation = folder.resolve(GENERATION);
    return Files.exists(generation) ? withEnds(config, generation) : config;
  }

  private static DecoderConfig withEnds(DecoderConfig config, Path generation) throws IOException {
    Set<Integer> ends = new LinkedHashSet<>(HfConfig.generationEnds(generation));
    ends.addAll(config.eosTokens());
    try {
      return config.withEosTokens(List.copyOf(ends));
    } catch (IllegalArgumentException e) {
      throw new MalformedFile(generation, e.getMessage());
    }
  }

  /** Reads what {@link #write} wrote, tensor by tensor; {@code name} is for errors. */
  public static Decoder read(FileChannel channel, String name) throws IOException {
    Path file = Path.of(name);
    Safetensors.Content content = Safetensors.read(channel, file);
    String config = content.metadata().get(CONFIG_KEY);
    if (config == null) {
      throw new MalformedFile(file, CONFIG_KEY + ": missing (expected: in __metadata__)");
    }
    Map<String, Found> found = new LinkedHashMap<>();
    content.tensors().forEach((n, tensor) -> found.put(n, new Found(tensor, file)));
    return decoder(HfConfig.parse(config, file), found, file);
  }

  /**
   * Writes one safetensors file, configuration included, tensor by tensor: the same bytes for the
   * same model.
   */
  public static void write(Decoder decoder, WritableByteChannel out) throws IOException {
    Map<String, String> metadata = Map.of(CONFIG_KEY, HfConfig.write(decoder.config()));
    Safetensors.write(new Safetensors.Content(tensors(decoder.weights()), metadata), out);
  }

  /**
   * Writes config.json, generation_config.json (for a language head) and model.safetensors into an
   * existing folder and forces them to disk.
   *
   * @throws java.nio.file.FileAlreadyExistsException if one of them is there: a model is never
   *     overwritten
   */
  public static void save(Decoder decoder, Path folder) throws IOException {
    Require.that(decoder.adapter().isEmpty(), "model: an adapter (expected: a whole model)");
    DecoderConfig config = decoder.config();
    saveText(HfConfig.write(config), folder.resolve(CONFIG));
    if (config.head() instanceof Head.Language) {
      saveText(HfConfig.writeGeneration(config), folder.resolve(GENERATION));
    }
    saveTensors(decoder.weights(), Map.of("format", "pt"), folder.resolve(WEIGHTS));
  }

  /** Writes tensors as one safetensors file and forces it to disk. */
  public static void saveTensors(Weights weights, Map<String, String> metadata, Path file)
      throws IOException {
    try (FileChannel out = FileChannel.open(file, CREATE_NEW, WRITE)) {
      Safetensors.write(new Safetensors.Content(tensors(weights), metadata), out);
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

  /** Reads what {@link #saveTensors} wrote, checked against names and shapes. */
  public static Weights loadTensors(Map<String, long[]> shapes, Path file) throws IOException {
    Require.that(Files.isRegularFile(file), "weights: %s (expected: a file)", file);
    return weights(shapes, Safetensors.read(file).tensors(), file);
  }

  /** Exactly these tensors, out of those that {@code file} has. */
  static Weights weights(
      Map<String, long[]> shapes, Map<String, Safetensors.Tensor> tensors, Path file)
      throws MalformedFile {
    Map<String, Found> found = new LinkedHashMap<>();
    tensors.forEach((name, tensor) -> found.put(name, new Found(tensor, file)));
    refuseDifferences(shapes, found, file, name -> false);
    return Weights.from(shapes, (name, shape, scope) -> array(found.get(name), scope));
  }

  static Map<String, Safetensors.Tensor> tensors(Weights weights) {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    weights
        .byName()
        .forEach(
            (name, array) ->
                tensors.put(
                    name,
                    new Safetensors.Tensor(
                        Safetensors.Type.F32,
                        array.getShape().getShape(),
                        () -> Weights.bytes(array))));
    return tensors;
  }

  private static Map<String, Found> find(Path folder) throws IOException {
    Path index = folder.resolve(INDEX);
    return Files.exists(index) ? inShards(folder, index) : inOneFile(folder.resolve(WEIGHTS));
  }

  private static Map<String, Found> inOneFile(Path file) throws IOException {
    Require.that(Files.isRegularFile(file), "weights: %s (expected: a file)", file);
    Map<String, Found> found = new LinkedHashMap<>();
    Safetensors.read(file).tensors().forEach((name, t) -> found.put(name, new Found(t, file)));
    return found;
  }

  private static Map<String, Found> inShards(Path folder, Path index) throws IOException {
    Map<String, String> fileOf = new LinkedHashMap<>();
    weightMap(index).properties().forEach(e -> fileOf.put(e.getKey(), e.getValue().asText()));
    if (fileOf.isEmpty()) {
      throw new MalformedFile(index, "weight_map: missing or empty (expected: tensor to file)");
    }
    Map<String, Found> found = new LinkedHashMap<>();
    for (String shard : new TreeSet<>(fileOf.values())) {
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
      return JSON.readTree(index.toFile()).path("weight_map");
    } catch (JsonProcessingException e) {
      throw new MalformedFile(index, e.getOriginalMessage());
    }
  }

  private static Decoder decoder(DecoderConfig config, Map<String, Found> found, Path file)
      throws IOException {
    return new Decoder(config, weights(config, found, file));
  }

  private static Weights weights(DecoderConfig config, Map<String, Found> found, Path file)
      throws IOException {
    refuseDifferences(config.tensors(), found, file, name -> isRepeated(name, config, found));
    return Weights.from(config, (name, shape, scope) -> array(found.get(name), scope));
  }

  /** All differences at once: a checkpoint of another model has many. */
  private static void refuseDifferences(
      Map<String, long[]> shapes, Map<String, Found> found, Path file, Predicate<String> surplus)
      throws MalformedFile {
    List<String> problems = new ArrayList<>();
    shapes.forEach(
        (name, shape) -> {
          Found there = found.get(name);
          if (there == null) {
            problems.add(
                name + ": missing (expected: shape " + Arrays.toString(shape) + ") in " + file);
          } else if (!Arrays.equals(there.tensor().shape(), shape)) {
            problems.add(
                String.format(
                    "%s: shape %s (expected: %s) in %s",
                    name,
                    Arrays.toString(there.tensor().shape()),
                    Arrays.toString(shape),
                    there.file()));
          }
        });
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

  private static boolean isRepeated(String name, DecoderConfig config, Map<String, Found> found) {
    if (name.endsWith(".rotary_emb.inv_freq")) {
      return true;
    }
    boolean tied = config.head() instanceof Head.Language language && language.tied();
    Found embedding = found.get("model.embed_tokens.weight");
    return tied
        && name.equals("lm_head.weight")
        && embedding != null
        && found.get(name).tensor().type() == embedding.tensor().type()
        && found.get(name).tensor().values().get().equals(embedding.tensor().values().get());
  }

  private static NDArray array(Found found, NDManager scope) {
    Safetensors.Tensor tensor = found.tensor();
    Shape shape = new Shape(tensor.shape());
    return switch (tensor.type()) {
      case F32 -> scope.create(tensor.values().get(), shape, DataType.FLOAT32);
      case BF16 -> scope.create(fromBfloat16(tensor.values().get()), shape, DataType.FLOAT32);
      case F16 -> converted(scope.create(tensor.values().get(), shape, DataType.FLOAT16));
      case F64 -> converted(scope.create(tensor.values().get(), shape, DataType.FLOAT64));
    };
  }

  private static NDArray converted(NDArray stored) {
    try (stored) {
      return stored.toType(DataType.FLOAT32, true);
    }
  }

  /**
   * The upper half of a float32 each. Done here: DJL 0.35.1 ends the whole process when it is asked
   * for a bfloat16 array.
   */
  private static ByteBuffer fromBfloat16(ByteBuffer halves) {
    ByteBuffer values = halves.order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer floats =
        ByteBuffer.allocateDirect(Math.multiplyExact(values.remaining(), 2))
            .order(ByteOrder.nativeOrder());
    while (values.hasRemaining()) {
      floats.putInt(values.getShort() << 16);
    }
    return floats.flip();
  }
}
