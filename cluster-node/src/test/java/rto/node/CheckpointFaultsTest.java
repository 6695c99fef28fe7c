package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import rto.checkpoint.WholeFolder;
import rto.lm.Decoder;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.node.settings.Settings;
import rto.run.TrainingRun;
import rto.tensor.ComputePool;
import rto.train.Checkpoints;
import rto.train.RunFolder;
import rto.train.RunSettings;
import rto.train.Stages;

/** Real checkpoints, of six iterations, on a disk that spoils them or is full. */
class CheckpointFaultsTest {

  private static final String LAST = "iteration-000006";
  private static final String BEFORE = "iteration-000004";

  @TempDir static Path temp;

  /** Its policy stage is not begun. */
  private static RunFolder stages;

  /** Its policy stage is over, with a checkpoint after each second iteration. */
  private static RunFolder finished;

  private static String digest;

  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeAll
  static void runUndisturbed() throws Exception {
    stages = new RunFolder(temp.resolve("stages"));
    Files.createDirectory(stages.root());
    try (ComputePool pool = new ComputePool("stages", 2);
        MetricsLog metrics = MetricsLog.open(stages.metrics())) {
      new Stages(settings(), stages, pool, Progress.silent(), metrics).run();
    }
    finished = copy(stages);
    digest = run(finished);
  }

  @BeforeEach
  void listen() {
    said.start();
    logger().addAppender(said);
  }

  @AfterEach
  void stopListening() {
    logger().detachAppender(said);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(TrainingRun.class);
  }

  @Test
  void oneOtherBitInTheLastCheckpointIsToldAndLearnedAgain() throws Exception {
    RunFolder folder = copy(finished);
    Path file = folder.checkpoints().resolve(LAST).resolve("critic-optimizer/second.safetensors");
    flipLastBit(file);

    assertThat(run(folder)).isEqualTo(digest);

    assertSaid(file + ": sha256 ", "it starts from checkpoint " + BEFORE, "iteration 4 and those");
    WholeFolder.verify(folder.checkpoints().resolve(LAST));
    assertThat(names(folder.checkpoints())).contains(LAST, LAST + ".damaged");
  }

  @Test
  void soIsATruncatedOneAndTheOneThatWasPutAsideBeforeMakesRoom() throws Exception {
    RunFolder folder = copy(finished);
    Files.createDirectory(folder.checkpoints().resolve("iteration-000002.damaged"));
    Path file = folder.checkpoints().resolve(LAST).resolve("policy/model.safetensors");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(channel.size() / 2);
    }

    assertThat(run(folder)).isEqualTo(digest);

    assertSaid(file + ": sha256 ");
    assertThat(names(folder.checkpoints()).stream().filter(name -> name.endsWith(".damaged")))
        .containsExactly(LAST + ".damaged");
  }

  @Test
  void soIsOneThatIsGone() throws Exception {
    RunFolder folder = copy(finished);
    WholeFolder.delete(folder.checkpoints().resolve(LAST));

    assertThat(run(folder)).isEqualTo(digest);

    assertSaid(folder.checkpoints().resolve(LAST) + "/SHA256SUMS: missing");
    WholeFolder.verify(folder.checkpoints().resolve(LAST));
  }

  @Test
  void twoDamagedOnesEndTheRunWithBothNamesAndNothingIsTouched() throws Exception {
    RunFolder folder = copy(finished);
    Path last = folder.checkpoints().resolve(LAST).resolve("policy/model.safetensors");
    Path before = folder.checkpoints().resolve(BEFORE).resolve("policy/model.safetensors");
    flipLastBit(last);
    flipLastBit(before);
    List<String> names = names(folder.checkpoints());

    assertThatThrownBy(() -> run(folder))
        .isInstanceOf(RunFailed.class)
        .hasMessageContainingAll(last + ": sha256 ", before + ": sha256 ", "expected: one that is");

    assertThat(names(folder.checkpoints())).isEqualTo(names);
  }

  @Test
  void fullDiskEndsTheRunWithOneLineAndWithSpaceItGoesOnToTheSameDigest() throws Exception {
    RunFolder folder = copy(stages);
    long one = kibibytes(finished.checkpoints().resolve(LAST));
    try (FullDisk disk = FullDisk.at(folder.checkpoints(), one * 3 / 2)) {
      assertThatThrownBy(() -> run(folder))
          .isInstanceOf(RunFailed.class)
          .hasMessageStartingWith("learner: write the checkpoint after iteration 3: ")
          .hasMessageContaining(folder.checkpoints().resolve(BEFORE).toString())
          .hasMessageEndingWith("No space left on device");
      assertThat(names(folder.checkpoints())).containsExactly("iteration-000002");

      disk.growTo(one * 5);
      assertThat(run(folder)).isEqualTo(digest);
      assertThat(names(folder.checkpoints())).contains("iteration-000002", BEFORE, LAST);
    }
  }

  @Test
  void soDoesAFullDiskUnderTheMetrics() throws Exception {
    RunFolder folder = copy(stages);
    Path mount = temp.resolve("metrics-disk");
    try (FullDisk disk = FullDisk.at(mount, 4)) {
      Files.write(mount.resolve("ballast"), new byte[4096]);
      Files.delete(folder.metrics());
      Files.createSymbolicLink(folder.metrics(), mount.resolve("metrics.jsonl"));
      assertThatThrownBy(() -> run(folder))
          .isInstanceOf(RunFailed.class)
          .hasMessage(folder.metrics() + ": could not be written: No space left on device");

      disk.growTo(1024);
      assertThat(run(folder)).isEqualTo(digest);
      assertThat(rewards(folder)).isEqualTo(rewards(finished));
    }
  }

  @Test
  void onlyTheLastAndTheBestStayAndTheBestIsAModelLikeOthers() throws Exception {
    RunFolder folder = copy(stages);

    assertThat(run(folder, "rto.checkpoint-every=1", "resources.checkpoints=1")).isEqualTo(digest);

    // Checkpoint n has learned n iterations, the last of them with number n - 1.
    List<Double> rewards = rewards(folder);
    double highest = rewards.stream().max(Comparator.naturalOrder()).orElseThrow();
    String best = "iteration-00000" + (rewards.indexOf(highest) + 1);
    assertThat(names(folder.checkpoints()))
        .containsExactlyInAnyOrderElementsOf(
            Stream.of(best, "iteration-000005", LAST).distinct().toList());
    Checkpoints checkpoints = new Checkpoints(folder.checkpoints());
    assertThat(checkpoints.best()).contains(new Checkpoints.Best(best, highest));
    Path model = checkpoints.policy(checkpoints.best().orElseThrow());
    try (Decoder policy = HfCheckpoint.load(model);
        Tokenizer tokenizer = Tokenizer.ofModel(model)) {
      assertThat(policy.config().vocabSize()).isGreaterThan(tokenizer.endTokens().get(0));
    }
  }

  private static RunSettings settings(String... overrides) {
    return Settings.load(SmallRun.CONFIG, SmallRun.overrides(overrides), RunSettings.class);
  }

  private static String run(RunFolder folder, String... overrides) throws Exception {
    RunSettings settings = settings(overrides);
    try (ComputePool pool = new ComputePool("policy", settings.resources().threads());
        MetricsLog metrics = MetricsLog.open(folder.metrics())) {
      return new PolicyStage(settings, folder, pool, Progress.silent(), metrics).run();
    }
  }

  /** One line, with all of these. */
  private void assertSaid(String... words) {
    assertThat(said.list.stream().map(ILoggingEvent::getFormattedMessage))
        .filteredOn(line -> line.contains("damaged"))
        .singleElement()
        .asString()
        .contains(words);
  }

  private static List<Double> rewards(RunFolder folder) throws IOException {
    return MetricsLog.read(folder.metrics()).stream()
        .filter(entry -> entry.stage().equals(PolicyStage.STAGE))
        .map(entry -> entry.numbers().get(MetricNames.REWARD.key()))
        .toList();
  }

  private static void flipLastBit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static long kibibytes(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      // A file takes whole pages of 4 KiB.
      return all.filter(Files::isRegularFile).mapToLong(f -> f.toFile().length() / 4096 + 1).sum()
          * 4;
    }
  }

  private static RunFolder copy(RunFolder folder) throws IOException {
    Path copy = Files.createTempDirectory(temp, "run");
    try (Stream<Path> all = Files.walk(folder.root())) {
      for (Path path : all.filter(p -> !p.equals(folder.root())).toList()) {
        Files.copy(path, copy.resolve(folder.root().relativize(path)));
      }
    }
    return new RunFolder(copy);
  }
}
