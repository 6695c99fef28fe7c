package rto.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptFoldersTest {

  private static final Pattern NAMES = Pattern.compile("k-\\d+");

  @TempDir Path temp;

  @Test
  void foldersAreListedFromTheOldestAndOthersAreNotOurs() throws IOException {
    write(temp, "k-10", Disk.REAL);
    write(temp, "k-9", Disk.REAL);
    write(temp, "notes", Disk.REAL);
    Files.writeString(temp.resolve("k-11"), "a file");

    assertThat(new KeptFolders(temp, NAMES).all())
        .containsExactly(temp.resolve("k-9"), temp.resolve("k-10"));
    assertThat(new KeptFolders(temp.resolve("nowhere"), NAMES).all()).isEmpty();
  }

  @Test
  void whatIsNotKeptIsRemovedAndStrangersStay() throws IOException {
    for (String name : List.of("k-1", "k-2", "k-3", "notes")) {
      write(temp, name, Disk.REAL);
    }

    new KeptFolders(temp, NAMES).keepOnly(Set.of("k-1", "k-3", "k-4"));

    assertThat(names(temp)).containsExactlyInAnyOrder("k-1", "k-3", "notes");
  }

  @Test
  void leftOversAreRemovedAndAnOldFolderWithoutANewOneComesBack() throws IOException {
    write(temp, "k-1", Disk.REAL);
    for (String name : List.of("k-1.old", "k-2.old", "k-3.part", "k-4.trash", "k-5.damaged")) {
      write(temp, name, Disk.REAL);
    }

    new KeptFolders(temp, NAMES).tidy();

    assertThat(names(temp)).containsExactlyInAnyOrder("k-1", "k-2", "k-5.damaged");
  }

  @Test
  void oneDamagedFolderAtMostLiesAside() throws IOException {
    var folders = new KeptFolders(temp, NAMES);
    for (String name : List.of("k-1", "k-2")) {
      write(temp, name, Disk.REAL);
      folders.putAside(name);
    }

    assertThat(names(temp)).containsExactly("k-2.damaged");
  }

  /** Each step of each write and each removal is the last one of a process once. */
  @Test
  void killedAnywhereWhatTheJournalNamesIsWholeAndTheNextProcessEndsAsIfNothingHadBeen()
      throws IOException {
    int steps = 0;
    while (!survives(steps)) {
      steps++;
    }
    // Six writes of two files each: 3 writes, 5 to force, a rename and its force at the least.
    assertThat(steps).isGreaterThan(6 * 9);
  }

  /** Whether the process came to its end with so many steps; checks what it leaves if not. */
  private boolean survives(int steps) throws IOException {
    var life = new Life(temp.resolve("after-" + steps));
    boolean killed = false;
    try {
      life.run(new KilledDisk(steps));
    } catch (KilledDisk.Killed end) {
      killed = true;
    }
    for (String name : life.needed) {
      assertWhole(life.folder.resolve(name), steps);
    }
    for (Path visible : new KeptFolders(life.folder, NAMES).all()) {
      assertWhole(visible, steps);
    }
    life.run(Disk.REAL);
    assertThat(names(life.folder))
        .as("killed after " + steps + " steps")
        .containsExactlyInAnyOrder("k-1", "k-4", "k-5", "k-5.damaged");
    WholeFolder.delete(life.folder);
    return !killed;
  }

  private static void assertWhole(Path folder, int steps) {
    assertThatCode(() -> WholeFolder.verify(folder))
        .as("%s, killed after %s steps", folder, steps)
        .doesNotThrowAnyException();
  }

  /** Five checkpoints, of which the first is the best; the last one is put aside and made again. */
  private static final class Life {

    final Path folder;

    /** What a journal would name: the last two. */
    private List<String> needed = List.of();

    private final List<String> written = new ArrayList<>();

    Life(Path folder) {
      this.folder = folder;
    }

    void run(Disk disk) throws IOException {
      var folders = new KeptFolders(folder, NAMES, disk);
      folders.tidy();
      for (int k = 1; k <= 5; k++) {
        make("k-" + k, folders, disk);
      }
      if (!Files.exists(folder.resolve("k-5.damaged"))) {
        needed = List.of("k-4");
        written.remove("k-5");
        folders.putAside("k-5");
        make("k-5", folders, disk);
      }
    }

    private void make(String name, KeptFolders folders, Disk disk) throws IOException {
      if (written.contains(name)) {
        return;
      }
      write(folder, name, disk);
      written.add(name);
      needed = written.subList(Math.max(0, written.size() - 2), written.size());
      var kept = new HashSet<>(needed);
      kept.add("k-1");
      folders.keepOnly(kept);
    }
  }

  private static void write(Path parent, String name, Disk disk) throws IOException {
    WholeFolder.write(
        parent.resolve(name),
        into -> {
          disk.write(into.resolve("a.txt"), name);
          disk.write(Files.createDirectory(into.resolve("inner")).resolve("b.txt"), "b");
        },
        disk);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }
}
