package rto.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The whole folders of one kind in a folder of theirs, of which some are kept. Beside a folder may
 * lie, under its name and an ending, what a crash left of it:
 *
 * <pre>
 *   .part     being written          removed by {@link #tidy}
 *   .old      about to be replaced   removed by it, or brought back where there is no new one
 *   .trash    being removed          removed by it
 *   .damaged  put aside for people   one at most; removed when another one is put there
 * </pre>
 *
 * A folder loses its name in one step, before its first file is removed: a crash leaves it whole or
 * as trash. For one process at a time.
 */
public final class KeptFolders {

  private static final String DAMAGED = ".damaged";

  private final Path parent;
  private final Pattern names;
  private final Disk disk;

  /**
   * @param names those of the folders; longer ones are newer, as are later ones by alphabet
   */
  public KeptFolders(Path parent, Pattern names) {
    this(parent, names, Disk.REAL);
  }

  KeptFolders(Path parent, Pattern names, Disk disk) {
    this.parent = parent.toAbsolutePath();
    this.names = names;
    this.disk = disk;
  }

  /** The folders, the oldest first. */
  public List<Path> all() throws IOException {
    return children()
        .filter(path -> names.matcher(name(path)).matches() && Files.isDirectory(path))
        .sorted(Comparator.comparingInt((Path path) -> name(path).length()).thenComparing(p -> p))
        .toList();
  }

  /** Removes what a killed process left behind. */
  public void tidy() throws IOException {
    for (Path path : children().toList()) {
      if (ends(path, WholeFolder.PART) || ends(path, WholeFolder.TRASH)) {
        WholeFolder.delete(path, disk);
      } else if (ends(path, WholeFolder.OLD)) {
        tidyOld(path);
      }
    }
  }

  /** Removes all folders but these. */
  public void keepOnly(Set<String> kept) throws IOException {
    tidy();
    for (Path folder : all()) {
      if (!kept.contains(name(folder))) {
        WholeFolder.discard(folder, disk);
      }
    }
  }

  /** The folder has its name no more, and takes the place of the one that was put aside before. */
  public void putAside(String name) throws IOException {
    for (Path path : children().filter(path -> ends(path, DAMAGED)).toList()) {
      WholeFolder.discard(path, disk);
    }
    Path folder = parent.resolve(name);
    disk.rename(folder, WholeFolder.beside(folder, DAMAGED));
  }

  private void tidyOld(Path old) throws IOException {
    String name = name(old);
    Path target = parent.resolve(name.substring(0, name.length() - WholeFolder.OLD.length()));
    if (Files.exists(target)) {
      WholeFolder.discard(old, disk);
    } else {
      disk.rename(old, target);
    }
  }

  private Stream<Path> children() throws IOException {
    if (!Files.isDirectory(parent)) {
      return Stream.empty();
    }
    try (Stream<Path> all = Files.list(parent)) {
      return all.toList().stream();
    }
  }

  private static boolean ends(Path path, String ending) {
    return name(path).endsWith(ending);
  }

  private static String name(Path path) {
    return path.getFileName().toString();
  }
}
