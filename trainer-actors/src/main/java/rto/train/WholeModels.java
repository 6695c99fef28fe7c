package rto.train;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.Optional;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.protocol.Require;
import rto.protocol.WeightsRef;

/** Every model has all of its weights to itself. */
record WholeModels(Path folder) implements Models {

  @Override
  public Decoder reference() throws IOException {
    return HfCheckpoint.load(folder);
  }

  @Override
  public Decoder policy(long seed) throws IOException {
    return HfCheckpoint.load(folder);
  }

  @Override
  public Decoder critic(Path reward, long seed) throws IOException {
    return FirstCritic.load(folder, reward);
  }

  @Override
  public Decoder load(Path model) throws IOException {
    return HfCheckpoint.load(model);
  }

  @Override
  public void save(Decoder model, Path into) throws IOException {
    HfCheckpoint.save(model, into);
  }

  @Override
  public void write(Decoder policy, WritableByteChannel out) throws IOException {
    HfCheckpoint.write(policy, out);
  }

  @Override
  public Decoder read(WeightsRef weights, FileChannel snapshot) throws IOException {
    String name = "weights-version-" + weights.version();
    Require.that(
        weights.base().isEmpty(),
        "%s: an adapter over base %s (expected: a full snapshot)",
        name,
        weights.base().orElse(""));
    return HfCheckpoint.read(snapshot, name);
  }

  @Override
  public Optional<String> base() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
