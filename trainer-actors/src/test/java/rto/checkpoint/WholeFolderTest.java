package rto.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WholeFolderTest {

  @TempDir Path temp;
  private Path folder;

  @BeforeEach
  void name() {
    folder = temp.resolve("runs/one");
  }

  @Test
  void whatWasWrittenIsThereAndVerifies() throws IOException {
    WholeFolder.write(folder, content("first"));
    WholeFolder.verify(folder);
    assertThat(WholeFolder.exists(folder)).isTrue();
    assertThat(text()).isEqualTo("first");
    assertThat(Files.readAllLines(folder.resolve("SHA256SUMS")))
        .as("one line per file, names with slashes")
        .hasSize(2)
        .allMatch(line -> line.matches("[0-9a-f]{64}  (a\\.txt|inner/b\\.txt)"));
  }

  @Test
  void nothingIsVisibleWhenWritingFailsTheFirstTime() {
    assertThatThrownBy(() -> WholeFolder.write(folder, into -> failHalfWay(into, "first")))
        .hasMessage(folder + ": could not be written: disk full");
    assertThat(WholeFolder.exists(folder)).isFalse();
    assertThat(folder).doesNotExist();
  }

  @Test
  void theOldFolderStaysIntactWhenWritingFails() throws IOException {
    WholeFolder.write(folder, content("old"));
    assertThatThrownBy(() -> WholeFolder.write(folder, into -> failHalfWay(into, "new")))
        .hasMessage(folder + ": could not be written: disk full");
    WholeFolder.verify(folder);
    assertThat(text()).isEqualTo("old");
  }

  @Test
  void aNewFolderReplacesTheOldOneAndLeavesNothingBeside() throws IOException {
    WholeFolder.write(folder, content("old"));
    WholeFolder.write(folder, content("new"));
    assertThat(text()).isEqualTo("new");
    assertThat(namesBeside()).containsExactly("one");
  }

  @Test
  void whatACrashLeftOfAnUnfinishedFolderIsRemoved() throws IOException {
    Path part = Files.createDirectories(temp.resolve("runs/one.part"));
    Files.writeString(part.resolve("left-over.txt"), "half");
    WholeFolder.write(folder, content("new"));
    WholeFolder.verify(folder);
    assertThat(namesBeside()).containsExactly("one");
  }

  @Test
  void theOldFolderComesBackAfterACrashBetweenTheTwoRenames() throws IOException {
    WholeFolder.write(folder, content("old"));
    crashBetweenTheRenames();
    assertThat(WholeFolder.exists(folder)).isTrue();
    assertThat(text()).isEqualTo("old");

    crashBetweenTheRenames();
    WholeFolder.verify(folder);
    assertThat(text()).isEqualTo("old");

    crashBetweenTheRenames();
    assertThatThrownBy(() -> WholeFolder.write(folder, into -> failHalfWay(into, "new")))
        .hasMessage(folder + ": could not be written: disk full");
    assertThat(text()).isEqualTo("old");
  }

  @Test
  void theNewFolderCountsAfterACrashBehindTheTwoRenames() throws IOException {
    WholeFolder.write(folder, content("new"));
    Files.createDirectories(temp.resolve("runs/one.old"));
    WholeFolder.verify(folder);
    assertThat(text()).isEqualTo("new");
    WholeFolder.write(folder, content("newer"));
    assertThat(text()).isEqualTo("newer");
    assertThat(namesBeside()).containsExactly("one");
  }

  @Test
  void aFailureLeavesNothingBesideAndOneThatNamesAFileStaysAsItIs() throws IOException {
    var named = new NoSuchFileException("prompts.jsonl");
    var failures = List.of(new IOException("disk full"), named, new IllegalStateException("NaN"));
    for (Exception failure : failures) {
      assertThatThrownBy(() -> WholeFolder.write(folder, into -> fail(into, failure)))
          .satisfiesAnyOf(
              e -> assertThat(e).isSameAs(failure),
              e -> assertThat(e).isInstanceOf(NotWritten.class).hasCause(failure));
      assertThat(namesBeside()).isEmpty();
    }
    assertThatThrownBy(() -> WholeFolder.write(folder, into -> fail(into, named))).isSameAs(named);
  }

  @Test
  void aDamagedFileIsNamed() throws IOException {
    WholeFolder.write(folder, content("first"));
    Files.writeString(folder.resolve("inner/b.txt"), "B");
    assertRefused("inner/b.txt", "damaged");
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    WholeFolder.write(folder, content("first"));
    Files.delete(folder.resolve("a.txt"));
    assertRefused("a.txt", "missing");
  }

  @Test
  void aFileTooManyIsNamed() throws IOException {
    WholeFolder.write(folder, content("first"));
    Files.writeString(folder.resolve("inner/c.txt"), "c");
    assertRefused("inner/c.txt", "not in SHA256SUMS");
  }

  @Test
  void aFolderWithoutSumsIsNotComplete() throws IOException {
    WholeFolder.write(folder, content("first"));
    Files.delete(folder.resolve("SHA256SUMS"));
    assertThat(WholeFolder.exists(folder)).isFalse();
    assertRefused("SHA256SUMS", "missing");
  }

  @Test
  void damagedSumsAreNamed() throws IOException {
    WholeFolder.write(folder, content("first"));
    Files.writeString(folder.resolve("SHA256SUMS"), "no sum\n");
    assertRefused("SHA256SUMS", "no sum");
    Files.writeString(folder.resolve("SHA256SUMS"), "");
    assertRefused("a.txt", "not in SHA256SUMS");
  }

  private void assertRefused(String file, String reason) {
    assertThatThrownBy(() -> WholeFolder.verify(folder))
        .isInstanceOf(DamagedFolder.class)
        .hasMessageStartingWith(folder.resolve(file).toString())
        .hasMessageContaining(reason);
  }

  /** As if the process had died when the old folder was aside and the new one not yet in place. */
  private void crashBetweenTheRenames() throws IOException {
    Files.move(folder, temp.resolve("runs/one.old"));
    Path part = Files.createDirectories(temp.resolve("runs/one.part"));
    Files.writeString(part.resolve("a.txt"), "new");
  }

  private static WholeFolder.Content content(String text) {
    return into -> {
      Files.writeString(into.resolve("a.txt"), text);
      Files.createDirectory(into.resolve("inner"));
      Files.writeString(into.resolve("inner/b.txt"), "b");
    };
  }

  private static void failHalfWay(Path into, String text) throws IOException {
    Files.writeString(into.resolve("a.txt"), text);
    throw new IOException("disk full");
  }

  private static void fail(Path into, Exception failure) throws IOException {
    Files.writeString(into.resolve("a.txt"), "half");
    if (failure instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw (IOException) failure;
  }

  private String text() throws IOException {
    return Files.readString(folder.resolve("a.txt"));
  }

  private List<String> namesBeside() throws IOException {
    try (Stream<Path> all = Files.list(temp.resolve("runs"))) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }
}
