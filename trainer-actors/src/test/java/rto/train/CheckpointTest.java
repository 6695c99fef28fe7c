package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.checkpoint.DamagedFolder;
import rto.checkpoint.WholeFolder;
import rto.tensor.ComputePool;
import rto.train.PolicyStage.Setup;

class CheckpointTest {

  private static final RtoSettings SETTINGS = Tiny.rto(1, 1, 12, 4, 1e-3);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TENSORS =
      List.of(
          "policy/model.safetensors",
          "policy-optimizer/first.safetensors",
          "policy-optimizer/second.safetensors",
          "critic/model.safetensors",
          "critic-optimizer/first.safetensors",
          "critic-optimizer/second.safetensors");

  @TempDir Path temp;
  private ComputePool pool;
  private PolicyLearner learner;
  private Path checkpoint;
  private String digest;

  @BeforeEach
  void oneIterationIsLearnedAndWritten() {
    PolicyStage stage = PolicyStage.random(temp);
    digest =
        stage.run(
            SETTINGS, Setup.PLAIN, Optional.empty(), (l, k, n) -> checkpoint = l.writeCheckpoint());
    pool = new ComputePool("test", 1);
    learner = stage.learner(SETTINGS, Setup.PLAIN, pool);
  }

  @AfterEach
  void end() {
    learner.close();
    pool.close();
  }

  @Test
  void aRestoredLearnerHasTheDigestOfTheOneThatWrote() {
    learner.restore(Optional.of(checkpoint));
    assertThat(learner.digest()).isEqualTo(digest);
    assertThat(learner.learned()).isEqualTo(1);
    assertThat(learner.snapshot().ref().version()).isEqualTo(1);
  }

  @Test
  void writingTheSameStateAgainReplacesItByItself() throws IOException {
    learner.restore(Optional.of(checkpoint));
    byte[] sums = Files.readAllBytes(checkpoint.resolve("SHA256SUMS"));
    assertThat(learner.writeCheckpoint()).isEqualTo(checkpoint);
    assertThat(Files.readAllBytes(checkpoint.resolve("SHA256SUMS"))).isEqualTo(sums);
  }

  @Test
  void aDamagedFileIsRefusedByNameAndNothingIsHalfLoaded() throws IOException {
    for (String name : TENSORS) {
      Path file = checkpoint.resolve(name);
      byte[] whole = Files.readAllBytes(file);
      byte[] damaged = whole.clone();
      damaged[damaged.length - 1] ^= 1;
      Files.write(file, damaged);
      assertRefused(checkpoint, file.toString());
      assertThatThrownBy(() -> learner.digest()).isInstanceOf(NullPointerException.class);
      Files.write(file, whole);
    }
    learner.restore(Optional.of(checkpoint));
    assertThat(learner.digest()).isEqualTo(digest);
  }

  /** The sums are made anew after each change, so that only the digest can notice. */
  @Test
  void oneOtherBitInAnyFileIsAnotherDigest() throws IOException {
    for (String name : TENSORS) {
      byte[] file = Files.readAllBytes(checkpoint.resolve(name));
      file[file.length - 4] ^= 1; // the smallest change of the last float
      assertRefused(copyWith(name, file), "digest");
    }
  }

  @Test
  void anyOtherCounterIsAnotherDigest() throws IOException {
    String state = Files.readString(checkpoint.resolve("state.json"));
    ObjectNode json = (ObjectNode) JSON.readTree(state);
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("learned", "policySteps", "criticSteps", "beta2", "reward", "digest");
    for (String counter : List.of("learned", "policySteps", "criticSteps")) {
      ObjectNode changed = json.deepCopy();
      changed.put(counter, json.get(counter).asLong() + 1);
      assertRefused(copyWith("state.json", JSON.writeValueAsBytes(changed)), "digest");
    }
    ObjectNode changed = json.deepCopy();
    changed.put("beta2", Math.nextUp(json.get("beta2").asDouble()));
    assertRefused(copyWith("state.json", JSON.writeValueAsBytes(changed)), "digest");
  }

  @Test
  void withoutACriticThereIsNoneInTheCheckpointEither() throws IOException {
    try (PolicyLearner critical = learner;
        PolicyLearner free = withoutCritic()) {
      String reached = free.digest();
      Path written = free.writeCheckpoint();
      assertThat(children(written))
          .containsExactlyInAnyOrder("policy", "policy-optimizer", "state.json", "SHA256SUMS");
      assertThat(JSON.readTree(written.resolve("state.json").toFile()).fieldNames())
          .toIterable()
          .containsExactly("learned", "policySteps", "beta2", "reward", "digest");

      free.restore(Optional.empty());
      assertThat(free.digest()).isNotEqualTo(reached);
      free.restore(Optional.of(written));
      assertThat(free.digest()).isEqualTo(reached);
      assertThatThrownBy(() -> critical.restore(Optional.of(written)))
          .hasCauseInstanceOf(DamagedFolder.class)
          .hasMessage(written + ": no critic (expected: one)");
    }
  }

  @Test
  void aCriticIsNotIgnoredByALearnerWithoutOne() {
    try (PolicyLearner free = withoutCritic()) {
      assertThatThrownBy(() -> free.restore(Optional.of(checkpoint)))
          .hasCauseInstanceOf(DamagedFolder.class)
          .hasMessageContaining("digest");
    }
  }

  /** One that has learned one iteration. */
  private PolicyLearner withoutCritic() {
    RtoSettings settings = Tiny.with(SETTINGS, AdvantageVariant.RETURN_TO_GO);
    PolicyStage stage = PolicyStage.random(temp.resolve("free"));
    List<Path> written = new ArrayList<>();
    stage.run(
        settings, Setup.PLAIN, Optional.empty(), (l, k, n) -> written.add(l.writeCheckpoint()));
    PolicyLearner free = stage.learner(settings, Setup.PLAIN, pool);
    free.restore(Optional.of(written.get(0)));
    return free;
  }

  private static List<String> children(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  private void assertRefused(Path folder, String what) {
    assertThatThrownBy(() -> learner.restore(Optional.of(folder)))
        .hasCauseInstanceOf(DamagedFolder.class)
        .hasMessageContaining(what)
        .hasMessageContaining(folder.toString());
  }

  /** A checkpoint in order with itself, one file of which is another. */
  private Path copyWith(String name, byte[] content) throws IOException {
    Path copy = temp.resolve("copy");
    WholeFolder.write(
        copy,
        into -> {
          try (Stream<Path> all = Files.walk(checkpoint)) {
            for (Path path : all.filter(Files::isRegularFile).toList()) {
              Path target = into.resolve(checkpoint.relativize(path).toString());
              Files.createDirectories(target.getParent());
              Files.copy(path, target);
            }
          }
          Files.delete(into.resolve("SHA256SUMS"));
          Files.write(into.resolve(name), content);
        });
    return copy;
  }
}
