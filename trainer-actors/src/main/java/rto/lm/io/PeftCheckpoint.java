package rto.lm.io;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import rto.lm.Adapter;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.lora.LoraConfig;
import rto.protocol.Require;

/**
 * An adapter as a folder in the layout of PEFT: adapter_config.json and adapter_model.safetensors,
 * whose tensors are named as in the wrapped model. Also as one safetensors file, which is how
 * adapters travel between nodes.
 *
 * <p>The safetensors file carries, beside what PEFT reads, the model's configuration: a scalar
 * head's normalisation is nowhere else. An adapter without it, from PEFT itself, has the
 * configuration of its base, with a scalar head that is not normalised if one was saved.
 */
public final class PeftCheckpoint {

  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String PREFIX = "base_model.model.";
  private static final String MODEL_KEY = "config";
  private static final String ADAPTER_KEY = "adapter";

  private PeftCheckpoint() {}

  /** Whether a folder holds an adapter. */
  public static boolean isAdapter(Path folder) {
    return Files.isRegularFile(folder.resolve(CONFIG));
  }

  /**
   * The folder of an adapter's base, as its configuration names it: seen from the adapter's folder,
   * or else from the working directory.
   *
   * @throws MalformedFile if there is no such folder
   */
  public static Path base(Path folder) throws IOException {
    Path file = folder.resolve(CONFIG);
    String name = PeftConfig.parse(Files.readString(file), file).base().orElse("");
    Path beside = folder.resolve(name).normalize();
    if (!name.isEmpty() && Files.isDirectory(beside)) {
      return beside;
    }
    if (!name.isEmpty() && Files.isDirectory(Path.of(name))) {
      return Path.of(name);
    }
    throw new MalformedFile(
        file, "base_model_name_or_path: " + name + " (expected: the folder of the adapter's base)");
  }

  /** Loads an adapter over a model, whose weights are shared. */
  public static Decoder load(Path folder, Decoder base) throws IOException {
    Path file = folder.resolve(CONFIG);
    Path weights = folder.resolve(WEIGHTS);
    Require.that(Files.isRegularFile(weights), "adapter: %s (expected: a file)", weights);
    PeftConfig config = PeftConfig.parse(Files.readString(file), file);
    return decoder(config, Safetensors.read(weights), base, weights);
  }

  /** Reads what {@link #write} wrote; {@code name} is for errors. */
  public static Decoder read(FileChannel channel, String name, Decoder base) throws IOException {
    Path file = Path.of(name);
    Safetensors.Content content = Safetensors.read(channel, file);
    String config = content.metadata().get(ADAPTER_KEY);
    if (config == null) {
      throw new MalformedFile(file, ADAPTER_KEY + ": missing (expected: in __metadata__)");
    }
    return decoder(PeftConfig.parse(config, file), content, base, file);
  }

  /** Writes a model's adapter as one safetensors file: the same bytes for the same adapter. */
  public static void write(Decoder decoder, WritableByteChannel out) throws IOException {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put(ADAPTER_KEY, config(decoder, Optional.empty()).write());
    metadata.put(MODEL_KEY, HfConfig.write(decoder.config()));
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    HfCheckpoint.tensors(adapter(decoder).weights())
        .forEach((name, tensor) -> tensors.put(PREFIX + name, tensor));
    Safetensors.write(new Safetensors.Content(tensors, metadata), out);
  }

  /**
   * Writes a model's adapter into an existing folder and forces it to disk.
   *
   * @param base the folder of its base, which is noted as seen from there: both may be moved
   *     together
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  public static void save(Decoder decoder, Path folder, Path base) throws IOException {
    saveConfig(config(decoder, Optional.of(from(folder, base))), folder);
    try (FileChannel out = FileChannel.open(folder.resolve(WEIGHTS), CREATE_NEW, WRITE)) {
      write(decoder, out);
      out.force(true);
    }
  }

  /** Copies an adapter into another existing folder. */
  public static void copy(Path adapter, Path folder, Path base) throws IOException {
    Path file = adapter.resolve(CONFIG);
    PeftConfig config = PeftConfig.parse(Files.readString(file), file);
    String seen = from(folder, base);
    saveConfig(new PeftConfig(config.lora(), config.scalarHead(), Optional.of(seen)), folder);
    Files.copy(adapter.resolve(WEIGHTS), folder.resolve(WEIGHTS));
  }

  private static void saveConfig(PeftConfig config, Path folder) throws IOException {
    HfTensors.saveText(config.write(), folder.resolve(CONFIG));
  }

  private static String from(Path folder, Path base) {
    Path seen = folder.toAbsolutePath().normalize().relativize(base.toAbsolutePath().normalize());
    return seen.toString().replace('\\', '/');
  }

  private static PeftConfig config(Decoder decoder, Optional<String> base) {
    boolean scalar = decoder.config().head() instanceof Head.Scalar;
    return new PeftConfig(adapter(decoder).lora(), scalar, base);
  }

  private static Adapter adapter(Decoder decoder) {
    return decoder
        .adapter()
        .orElseThrow(() -> new IllegalArgumentException("model: whole (expected: an adapter)"));
  }

  private static Decoder decoder(
      PeftConfig peft, Safetensors.Content content, Decoder base, Path file) throws IOException {
    DecoderConfig model = model(peft, content.metadata().get(MODEL_KEY), base.config(), file);
    LoraConfig lora = peft.lora();
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    content.tensors().forEach((name, tensor) -> tensors.put(withoutPrefix(name), tensor));
    try {
      return base.adapted(
          model,
          new Adapter(
              lora,
              HfTensors.in(new Safetensors.Content(tensors, content.metadata()), file)
                  .weights(Adapter.tensors(model, lora))));
    } catch (IllegalArgumentException otherBase) {
      throw new MalformedFile(file, otherBase.getMessage());
    }
  }

  private static DecoderConfig model(PeftConfig peft, String written, DecoderConfig base, Path file)
      throws IOException {
    if (written != null) {
      return HfConfig.parse(written, file);
    }
    return peft.scalarHead() ? base.withHead(Head.Scalar.raw()) : base;
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }
}
