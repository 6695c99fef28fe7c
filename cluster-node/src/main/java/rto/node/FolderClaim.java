package rto.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import rto.checkpoint.WholeFile;
import rto.node.settings.Settings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * The folder of a run or of a comparison, held by one process. A folder that holds another one, or
 * something else, is refused; the same one goes on.
 */
final class FolderClaim {

  private final String kind;
  private final Path root;
  private final Path config;
  private final String identity;

  private FolderClaim(String kind, Path root, Path config, String identity) {
    this.kind = kind;
    this.root = root;
    this.config = config;
    this.identity = identity;
  }

  /** What is done in the folder. */
  @FunctionalInterface
  interface Work {
    void run() throws Exception;
  }

  /**
   * Does the work while the folder is held for a run; makes the folder if need be.
   *
   * @throws IllegalArgumentException naming what the folder holds instead, or the other kind of
   *     device that its run began on
   * @throws FolderBusy if another process works in it
   */
  static void holding(RunFolder folder, RunSettings settings, Work work) throws Exception {
    Devices.requireKindOf(folder, settings.resources());
    holding("run", folder.root(), folder.config(), Settings.render(settings.identity()), work);
  }

  /**
   * As above, for what else has a folder.
   *
   * @param kind what it is, for messages
   * @param config the file in {@code root} that tells whose folder it is
   * @param identity its content: one thing a line, so that a refusal can tell what differs
   */
  static void holding(String kind, Path root, Path config, String identity, Work work)
      throws Exception {
    new FolderClaim(kind, root, config, identity).hold(work);
  }

  private void hold(Work work) throws Exception {
    refuseForeign();
    refuseOther();
    Files.createDirectories(root);
    FolderLock.holding(
        root,
        () -> {
          if (!Files.exists(config)) {
            WholeFile.write(config, identity);
          }
          refuseOther();
          work.run();
        });
  }

  private void refuseForeign() throws IOException {
    if (!Files.exists(root) || Files.exists(config)) {
      return;
    }
    // What is left by one that was killed before its settings were written.
    Set<Path> ours = Set.of(Path.of(FolderLock.NAME), WholeFile.beside(config).getFileName());
    try (Stream<Path> content = Files.list(root)) {
      boolean foreign = content.map(Path::getFileName).anyMatch(name -> !ours.contains(name));
      if (foreign) {
        throw new IllegalArgumentException(
            "%s: not a %s's folder (expected: an empty one, or a %s to go on with)"
                .formatted(root, kind, kind));
      }
    }
  }

  private void refuseOther() throws IOException {
    String there = Files.exists(config) ? Files.readString(config) : identity;
    if (!there.equals(identity)) {
      throw new IllegalArgumentException(
          "%s: holds a %s with other settings: %s (expected: the same; choose another --out, or"
                  .formatted(root, kind, String.join("; ", differences(there, identity)))
              + " delete the folder)");
    }
  }

  /** The first few lines that differ, as {@code there, wanted: here}. */
  private static List<String> differences(String there, String wanted) {
    List<String> a = there.lines().toList();
    List<String> b = wanted.lines().toList();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < Math.min(a.size(), b.size()) && found.size() < 3; i++) {
      if (!a.get(i).equals(b.get(i))) {
        found.add(bare(a.get(i)) + " there, now " + bare(b.get(i)));
      }
    }
    return found;
  }

  private static String bare(String line) {
    return line.strip().replaceAll(",$", "");
  }
}
