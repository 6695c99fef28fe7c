package rto.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import rto.checkpoint.WholeFolder;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.PeftCheckpoint;
import rto.lm.lora.LoraConfig;
import rto.protocol.Require;
import rto.protocol.WeightsRef;

/**
 * All models are adapters over one base, which is loaded when the first is asked for and freed when
 * this and all of them are closed. Nothing trains it: it is in memory in the numbers that it
 * computes with alone.
 */
final class AdaptedModels implements Models {

  private final Path folder;
  private final Tuning tuning;
  private Optional<Decoder> loaded = Optional.empty();
  private Optional<String> sha256 = Optional.empty();
  private boolean closed;

  AdaptedModels(Path folder, LoraConfig lora) {
    this.folder = folder;
    this.tuning = new Tuning.LowRank(lora);
  }

  @Override
  public Path folder() {
    return folder;
  }

  @Override
  public synchronized Decoder reference() throws IOException {
    return shared().sharing();
  }

  @Override
  public synchronized Decoder policy(long seed) throws IOException {
    return tuning.copy(shared(), seed);
  }

  /** A reward model that was given is none of the adapters over this base. */
  @Override
  public synchronized Decoder critic(Path reward, long seed) throws IOException {
    return PeftCheckpoint.isAdapter(reward) ? load(reward) : tuning.scalar(shared(), seed);
  }

  @Override
  public synchronized Decoder load(Path model) throws IOException {
    return PeftCheckpoint.isAdapter(model)
        ? PeftCheckpoint.load(model, shared())
        : HfCheckpoint.load(model);
  }

  @Override
  public void save(Decoder model, Path into) throws IOException {
    if (model.adapter().isPresent()) {
      PeftCheckpoint.save(model, into, folder);
    } else {
      HfCheckpoint.save(model, into);
    }
  }

  @Override
  public void write(Decoder policy, WritableByteChannel out) throws IOException {
    PeftCheckpoint.write(policy, out);
  }

  @Override
  public synchronized Decoder read(WeightsRef weights, FileChannel snapshot) throws IOException {
    String name = "weights-version-" + weights.version();
    Require.that(
        weights.base().equals(base()),
        "%s: over base %s (expected: an adapter over %s, %s)",
        name,
        weights.base().orElse("none"),
        base().orElseThrow(),
        folder);
    return PeftCheckpoint.read(snapshot, name, shared());
  }

  @Override
  public synchronized Optional<String> base() throws IOException {
    if (sha256.isEmpty()) {
      MessageDigest digest = WholeFolder.sha256();
      HfCheckpoint.digest(folder, digest);
      sha256 = Optional.of(HexFormat.of().formatHex(digest.digest()));
    }
    return sha256;
  }

  private Decoder shared() throws IOException {
    if (closed) {
      throw new IllegalStateException(folder + ": the run's models are closed");
    }
    if (loaded.isEmpty()) {
      loaded = Optional.of(HfCheckpoint.loadFrozen(folder));
    }
    return loaded.get();
  }

  @Override
  public synchronized void close() {
    closed = true;
    loaded.ifPresent(Decoder::close);
  }
}
