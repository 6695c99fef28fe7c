package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.checkpoint.WholeFolder;
import rto.train.Checkpoints.Best;

class CheckpointsTest {

  @TempDir Path temp;
  private Checkpoints checkpoints;

  @BeforeEach
  void open() {
    checkpoints = new Checkpoints(temp);
  }

  @Test
  void theLastOnesTheBestAndTheNeededStay() throws IOException {
    write(10, "\"reward\": 0.5");
    write(20, "\"reward\": 2.5");
    write(30, "\"reward\": -1");
    write(40, "\"reward\": 1");
    write(50, "\"reward\": 1.5");

    checkpoints.keep(2, List.of("iteration-000010", "iteration-000099"));
    assertThat(numbers()).containsExactly(10, 20, 40, 50);

    checkpoints.keep(1, List.of());
    assertThat(numbers()).containsExactly(20, 50);
  }

  @Test
  void ofEqualsTheOldestIsTheBestAndOneWithoutARewardIsNever() throws IOException {
    assertThat(checkpoints.best()).isEmpty();
    write(10, "\"beta2\": 7");
    write(20, "\"reward\": \"NaN\"");
    assertThat(checkpoints.best()).isEmpty();
    write(30, "\"reward\": -0.25");
    write(40, "\"reward\": -0.25");

    assertThat(checkpoints.best()).contains(new Best("iteration-000030", -0.25));
    assertThat(checkpoints.policy(checkpoints.best().orElseThrow()))
        .isEqualTo(temp.resolve("iteration-000030/policy"));
  }

  @Test
  void damagedOneIsNotTheBest() throws IOException {
    write(10, "\"reward\": 1");
    write(20, "\"reward\": 2");
    write(30, "\"reward\": 3");
    Files.writeString(temp.resolve("iteration-000020/policy.txt"), "another policy");
    Files.writeString(temp.resolve("iteration-000030/state.json"), "{");

    assertThat(checkpoints.best()).contains(new Best("iteration-000010", 1));
  }

  @Test
  void damagedOneMakesWayAndWholeOnesNeedNot() throws IOException {
    Path one = write(10, "\"reward\": 1");

    checkpoints.makeWay(one);
    assertThat(one).exists();

    Files.delete(one.resolve("SHA256SUMS"));
    checkpoints.makeWay(one);
    assertThat(one).doesNotExist();
    assertThat(temp.resolve("iteration-000010.damaged")).exists();

    checkpoints.makeWay(checkpoints.of(20));
  }

  @Test
  void keepingNoneIsRefused() {
    assertThatThrownBy(() -> checkpoints.keep(0, List.of()))
        .hasMessage("checkpoints to keep: 0 (expected: > 0)");
  }

  private Path write(int learned, String reward) throws IOException {
    Path folder = checkpoints.of(learned);
    WholeFolder.write(
        folder,
        into -> {
          Files.writeString(into.resolve("state.json"), "{\"learned\": 1, " + reward + "}");
          Files.writeString(into.resolve("policy.txt"), "a policy");
        });
    return folder;
  }

  private List<Integer> numbers() throws IOException {
    try (Stream<Path> all = Files.list(temp)) {
      return all.map(path -> path.getFileName().toString())
          .map(name -> Integer.parseInt(name.replace("iteration-", "")))
          .sorted()
          .toList();
    }
  }
}
