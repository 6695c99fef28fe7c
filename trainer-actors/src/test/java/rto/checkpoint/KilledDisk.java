package rto.checkpoint;

import java.io.IOException;
import java.nio.file.Path;

/** A disk on which nothing happens any more from some step on, for the process was killed there. */
final class KilledDisk implements Disk {

  /** What kill -9 looks like from inside: nothing comes after it, neither catch nor finally. */
  static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  private interface Step {
    void run() throws IOException;
  }

  private int left;

  KilledDisk(int stepsBefore) {
    this.left = stepsBefore;
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    step(() -> REAL.rename(from, to));
  }

  @Override
  public void delete(Path path) throws IOException {
    step(() -> REAL.delete(path));
  }

  @Override
  public void write(Path file, String text) throws IOException {
    step(() -> REAL.write(file, text));
  }

  @Override
  public void force(Path path) throws IOException {
    step(() -> REAL.force(path));
  }

  private void step(Step step) throws IOException {
    if (left-- <= 0) {
      throw new Killed();
    }
    step.run();
  }
}
