package rto.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import rto.lm.Decoder;
import rto.lm.lora.LoraConfig;
import rto.protocol.WeightsRef;

/**
 * The models of a run in this process, whichever way they learn. What is loaded is the caller's to
 * close, before or after this. May be used by several threads at once.
 */
public sealed interface Models extends AutoCloseable permits WholeModels, AdaptedModels {

  /**
   * Each model with all of its weights, or adapters over one base that is in memory once.
   *
   * @param base the folder of the model that the run's others begin from
   */
  static Models of(Path base, Optional<LoraConfig> lora) {
    return lora.<Models>map(some -> new AdaptedModels(base, some))
        .orElseGet(() -> new WholeModels(base));
  }

  /** The folder of the base. */
  Path folder();

  /** The base itself: π_ref. */
  Decoder reference() throws IOException;

  /**
   * The policy as it begins.
   *
   * @param seed of an adapter's first values
   */
  Decoder policy(long seed) throws IOException;

  /**
   * What a critic starts from: the reward model, value head included, where it fits; otherwise the
   * base with a head that says 0.
   *
   * @param reward the reward model's folder
   * @param seed of an adapter's first values
   */
  Decoder critic(Path reward, long seed) throws IOException;

  /** A model that a stage, or the learner, left in a folder. */
  Decoder load(Path folder) throws IOException;

  /** Writes what {@link #load} reads into an existing folder. */
  void save(Decoder model, Path folder) throws IOException;

  /** Writes a policy as it travels, the same bytes for the same policy. */
  void write(Decoder policy, WritableByteChannel out) throws IOException;

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws IllegalArgumentException if those are weights over another base than is here
   */
  Decoder read(WeightsRef weights, FileChannel snapshot) throws IOException;

  /** What policies that travel lie over: the SHA-256 of the base's tensors; absent if over none. */
  Optional<String> base() throws IOException;

  @Override
  void close();
}
