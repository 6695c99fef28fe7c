package rto.train;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rto.checkpoint.KeptFolders;
import rto.checkpoint.WholeFolder;
import rto.protocol.Require;

/**
 * The checkpoints of a run in their folder, of which the last few and the best are kept.
 *
 * <p>The best is the one whose policy learned last from trajectories with the highest mean reward
 * (r_MLE); of equals the oldest. The reward is written into the checkpoint: which one is the best
 * is a function of what is on disk, the same before and after a restart. The policy of any
 * checkpoint, {@code policy/}, is a model folder like others.
 */
public final class Checkpoints {

  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);
  private static final Pattern NAMES = Pattern.compile("iteration-\\d{6,}");

  private final Path folder;
  private final KeptFolders folders;

  public Checkpoints(Path folder) {
    this.folder = folder;
    this.folders = new KeptFolders(folder, NAMES);
  }

  /**
   * The checkpoint with the highest reward.
   *
   * @param folder its name
   * @param reward mean r_MLE of the iteration that its policy learned last from
   */
  public record Best(String folder, double reward) {}

  /** The folder of the state after so many iterations. */
  public Path of(int learned) {
    return folder.resolve(String.format(Locale.ROOT, "iteration-%06d", learned));
  }

  /** Its policy, as a model. */
  public Path policy(Best best) {
    return folder.resolve(best.folder()).resolve("policy");
  }

  /** Removes what a killed process left behind. */
  public void tidy() throws IOException {
    folders.tidy();
  }

  /**
   * Makes the name of a checkpoint free, unless a whole one has it: a damaged one is put aside, and
   * takes the place of the one that was put aside before.
   */
  void makeWay(Path checkpoint) throws IOException {
    if (Files.isDirectory(checkpoint) && damage(checkpoint).isPresent()) {
      folders.putAside(name(checkpoint));
    }
  }

  /**
   * Removes all checkpoints but the last ones, the best and those that are needed.
   *
   * @param last how many
   * @param needed names of those that the run may still start from
   */
  public void keep(int last, Collection<String> needed) throws IOException {
    Require.that(last > 0, "checkpoints to keep: %s (expected: > 0)", last);
    List<Path> all = folders.all();
    Set<String> kept = new TreeSet<>(needed);
    all.subList(Math.max(0, all.size() - last), all.size()).forEach(path -> kept.add(name(path)));
    byReward(all).map(Best::folder).findFirst().ifPresent(kept::add);
    folders.keepOnly(kept);
  }

  /** The best of those that are whole; empty if none has a reward. */
  public Optional<Best> best() throws IOException {
    return byReward(folders.all()).filter(this::isWhole).findFirst();
  }

  private boolean isWhole(Best best) {
    Optional<String> damage = damage(folder.resolve(best.folder()));
    damage.ifPresent(why -> LOG.warn("the best checkpoint is damaged: {}", why));
    return damage.isEmpty();
  }

  private static Stream<Best> byReward(List<Path> checkpoints) {
    return checkpoints.stream()
        .flatMap(
            path ->
                LearnerFiles.reward(path).stream().mapToObj(reward -> new Best(name(path), reward)))
        .sorted(Comparator.comparingDouble(Best::reward).reversed());
  }

  /** What is wrong with it; empty if it is whole. */
  private static Optional<String> damage(Path checkpoint) {
    try {
      WholeFolder.verify(checkpoint);
      return Optional.empty();
    } catch (IOException damaged) {
      return Optional.of(damaged.getMessage());
    }
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
