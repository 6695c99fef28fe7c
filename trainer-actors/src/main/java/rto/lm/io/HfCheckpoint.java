package rto.lm.io;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rto.lm.ComputeType;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Passes;
import rto.lm.Weights;
import rto.protocol.Require;

/**
 * A model as a folder in the Hugging Face layout: config.json and model.safetensors, or shards
 * named by model.safetensors.index.json. Also one model as one safetensors file that carries its
 * configuration, which is how weights travel between nodes.
 */
public final class HfCheckpoint {

  private static final String CONFIG = "config.json";
  private static final String GENERATION = "generation_config.json";
  private static final String WEIGHTS = "model.safetensors";
  private static final long MAX_SHARD = 5_000_000_000L;
  private static final String CONFIG_KEY = "config";
  private static final Logger LOG = LoggerFactory.getLogger(HfCheckpoint.class);

  private HfCheckpoint() {}

  /**
   * Loads a model; an adapter with its base. What older programs stored beside it is passed over:
   * rotary frequencies, which the configuration has, and a second copy of a tied head.
   *
   * @throws MalformedFile naming the tensor, both shapes and the file, if a tensor is missing,
   *     superfluous or of another shape than config.json says
   */
  public static Decoder load(Path folder) throws IOException {
    if (PeftCheckpoint.isAdapter(folder)) {
      try (Decoder base = loadFrozen(PeftCheckpoint.base(folder))) {
        return PeftCheckpoint.load(folder, base);
      }
    }
    Decoder decoder = load(folder, Safetensors.Type.F32);
    Path config = folder.resolve(CONFIG);
    return decoder.in(HfConfig.computeType(Files.readString(config), config));
  }

  /**
   * The same with weights of another type in memory.
   *
   * @param type into which the stored values are rounded
   */
  public static Decoder load(Path folder, Safetensors.Type type) throws IOException {
    DecoderConfig config = config(folder);
    List<String> unknown = HfConfig.unknownFields(folder.resolve(CONFIG));
    if (!unknown.isEmpty()) {
      LOG.warn(
          "{}: ignored, as {} does not read it: {}",
          folder.resolve(CONFIG),
          config.traits().family().languageArchitecture(),
          String.join(", ", unknown));
    }
    return new Decoder(config, HfTensors.inFolder(folder).weights(config, type));
  }

  /**
   * Loads a whole model for reading alone: what {@link Decoder#frozen} makes of it, without the
   * weights that it closes ever being in memory.
   */
  public static Decoder loadFrozen(Path folder) throws IOException {
    Path file = folder.resolve(CONFIG);
    ComputeType type = HfConfig.computeType(Files.readString(file), file);
    return switch (type) {
      case FLOAT32 -> load(folder, Safetensors.Type.F32);
      case BFLOAT16 -> rounded(folder, Safetensors.Type.BF16, type);
      case FLOAT16 -> rounded(folder, Safetensors.Type.F16, type);
    };
  }

  private static Decoder rounded(Path folder, Safetensors.Type stored, ComputeType type)
      throws IOException {
    DecoderConfig config = config(folder);
    return Decoder.ofRounded(config, HfTensors.inFolder(folder).weights(config, stored), type);
  }

  /** Loads a model; an adapter is added to its base, whose numbers are then computed in. */
  public static Decoder loadMerged(Path folder) throws IOException {
    return PeftCheckpoint.isAdapter(folder)
        ? loadMerged(folder, PeftCheckpoint.base(folder))
        : load(folder);
  }

  /** The same over a base that is named here: a whole model. */
  public static Decoder loadMerged(Path adapter, Path base) throws IOException {
    Decoder over = load(base, Safetensors.Type.F32);
    Decoder adapted;
    try (over) {
      adapted = PeftCheckpoint.load(adapter, over);
    }
    Path config = base.resolve(CONFIG);
    return adapted.merged().in(HfConfig.computeType(Files.readString(config), config));
  }

  /**
   * Adds names and values of a whole model's tensors to a digest, as {@link Weights#digest} does of
   * the model once it is loaded.
   *
   * @throws MalformedFile if they are not stored in float32
   */
  public static void digest(Path folder, MessageDigest digest) throws IOException {
    HfTensors.inFolder(folder).digest(config(folder), digest);
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
    DecoderConfig parsed = HfConfig.parse(config, file);
    Weights weights = HfTensors.in(content, file).weights(parsed, Safetensors.Type.F32);
    return new Decoder(parsed, weights, Passes.of(parsed, HfConfig.computeType(config, file)));
  }

  /**
   * Writes one safetensors file, configuration included, tensor by tensor: the same bytes for the
   * same model.
   */
  public static void write(Decoder decoder, WritableByteChannel out) throws IOException {
    Map<String, String> metadata =
        Map.of(CONFIG_KEY, HfConfig.write(decoder.config(), decoder.passes().type()));
    Safetensors.write(new Safetensors.Content(tensors(decoder.weights()), metadata), out);
  }

  /**
   * Writes a folder that transformers and vLLM load, but for the tokenizer's files: config.json,
   * generation_config.json (for a language head, unless there is one already) and
   * model.safetensors, or, from 5 GB on, shards and their index. Forced to disk.
   *
   * @throws java.nio.file.FileAlreadyExistsException if one of them is there: a model is never
   *     overwritten
   */
  public static void save(Decoder decoder, Path folder) throws IOException {
    save(decoder, folder, decoder.passes().type());
  }

  /** The same, to be computed in these numbers when it is loaded; what is stored is float32. */
  public static void save(Decoder decoder, Path folder, ComputeType type) throws IOException {
    save(decoder, folder, type, MAX_SHARD);
  }

  /**
   * The same.
   *
   * @param maxShard bytes of values in one file; a larger tensor has a file of its own
   */
  static void save(Decoder decoder, Path folder, ComputeType type, long maxShard)
      throws IOException {
    Require.that(decoder.adapter().isEmpty(), "model: an adapter (expected: a whole model)");
    Map<String, Safetensors.Tensor> tensors = tensors(decoder.weights());
    DecoderConfig config = decoder.config();
    HfTensors.saveText(HfConfig.write(config, type), folder.resolve(CONFIG));
    Path generation = folder.resolve(GENERATION);
    if (config.head() instanceof Head.Language && !Files.exists(generation)) {
      HfTensors.saveText(HfConfig.writeGeneration(config), generation);
    }
    HfTensors.save(tensors, folder, maxShard);
  }

  /** Writes tensors as one safetensors file and forces it to disk. */
  public static void saveTensors(Weights weights, Map<String, String> metadata, Path file)
      throws IOException {
    HfTensors.save(new Safetensors.Content(tensors(weights), metadata), file);
  }

  /** Reads what {@link #saveTensors} wrote, checked against names and shapes. */
  public static Weights loadTensors(Map<String, long[]> shapes, Path file) throws IOException {
    return HfTensors.inFile(file).weights(shapes);
  }

  static Map<String, Safetensors.Tensor> tensors(Weights weights) {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    weights
        .requireFloat32()
        .byName()
        .forEach(
            (name, array) ->
                tensors.put(
                    name,
                    new Safetensors.Tensor(
                        Safetensors.Type.F32,
                        array.getShape().getShape(),
                        (from, into) -> Weights.read(array, from, into))));
    return tensors;
  }
}
