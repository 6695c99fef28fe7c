package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.checkpoint.WholeFolder;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.metrics.MetricsLog.Entry;
import rto.node.Moment.Phase;

/**
 * The whole program, in processes of its own, that are killed, stopped and started again.
 *
 * <p>Another seed, or more kills: {@code mvn verify -Dit.test=KillAndResumeIT -Drto.kills.seed=7
 * -Drto.kills=50}.
 */
class KillAndResumeIT {

  private static final long SEED = Long.getLong("rto.kills.seed", System.nanoTime());
  private static final int KILLS = Integer.getInteger("rto.kills", 10);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern PROGRESS = Pattern.compile("^rto \\d+/\\d+ iterations ");

  @TempDir static Path undisturbed;
  private static PhaseLengths lengths;

  @TempDir Path temp;

  private final List<Child> children = new ArrayList<>();

  @BeforeAll
  static void runUndisturbed() throws Exception {
    try (Child child = Child.rto(train(undisturbed.resolve("run")))) {
      lengths = PhaseLengths.of(undisturbed.resolve("run"), child);
      assertThat(child.ended()).as(child.said()).isZero();
    }
  }

  @AfterEach
  void nobodySurvives() {
    children.forEach(Child::close);
  }

  @Test
  void killedAtRandomMomentsTheRunEndsAsIfUndisturbed() throws Exception {
    Path folder = temp.resolve("run");
    Kills kills = new Kills(SEED, lengths, folder, train(folder));
    String replay = "-Drto.kills.seed=" + SEED + " -Drto.kills=" + KILLS + ", " + lengths + "\n";
    try {
      kills.kill(KILLS);
      assertEndsLikeUndisturbed(train(folder), folder);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(replay + kills + kept(folder), failure);
    }
    System.out.println("Killed " + kills.hit().size() + " times, same digest: " + replay + kills);
    if (KILLS >= 10) {
      assertThat(kills.hit())
          .as(replay + kills)
          .contains(Phase.BASE, Phase.ROLLOUT, Phase.LEARNING, Phase.CHECKPOINT);
    }
  }

  @Test
  void sigtermLeavesWithinSecondsWithOneLineAndTheSameCommandGoesOn() throws Exception {
    Path folder = temp.resolve("run");
    Child child = start(train(folder));
    awaitPhase(new Moment(Phase.LEARNING, 2), folder, child);
    long told = System.nanoTime();

    child.terminate();

    assertThat(child.ended()).isEqualTo(128 + 15);
    assertThat((System.nanoTime() - told) / 1e9).isLessThan(10);
    assertThat(child.err().stream().filter(line -> line.startsWith("rto: ")))
        .as(child.said())
        .containsExactly("rto: interrupted; the same command, or rto resume, goes on with it");
    assertThat(child.said()).doesNotContain("\tat ", "ERROR", "WARN");
    assertEndsLikeUndisturbed(List.of("resume", folder.toString()), folder);
  }

  @Test
  void runInAFolderThatWasMovedGoesOnFromItsOwnCheckpointsAndADamagedOneIsNoEnd() throws Exception {
    Path before = temp.resolve("before");
    Child child = start(train(before));
    awaitPhase(new Moment(Phase.ROLLOUT, 3), before, child);
    child.kill();
    Path moved = Files.move(before, temp.resolve("moved"));
    Path copy = copy(moved, temp.resolve("copy"));
    Path damaged = copy.resolve("checkpoints/iteration-000002/critic/model.safetensors");
    Files.writeString(damaged, "X", StandardOpenOption.APPEND);
    Path programs = copy.resolve("programs.json");
    Files.writeString(
        programs, Files.readString(programs).replace("\"engine\" : \"", "\"engine\" : \"old-"));

    assertEndsLikeUndisturbed(train(moved), moved);
    Child overDamaged = assertEndsLikeUndisturbed(train(copy), copy);
    assertThat(overDamaged.err().stream().filter(line -> line.contains("damaged")))
        .as(overDamaged.said())
        .singleElement()
        .asString()
        .contains(damaged + ": sha256 ", "it starts from the first policy");
    assertThat(overDamaged.err().stream().filter(line -> line.contains("warning")))
        .singleElement()
        .asString()
        .contains("begun by another version of the program (", "engine old-");
  }

  /** What went wrong once may not do so again: the folder stays for whoever looks for the cause. */
  private static String kept(Path folder) throws IOException {
    return Files.exists(folder)
        ? "kept: " + copy(folder, Path.of("target", "killed-run-" + System.nanoTime()))
        : "";
  }

  private static Path copy(Path folder, Path copy) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        Files.copy(path, copy.resolve(folder.relativize(path)));
      }
    }
    return copy;
  }

  @Test
  void folderIsRefusedToASecondProcess() throws Exception {
    Path folder = temp.resolve("run");
    Child first = start(train(folder));
    awaitPhase(Moment.of(Phase.BASE), folder, first);

    assertRefused(train(folder), folder + ": another process works in it");

    assertThat(first.isAlive()).isTrue();
  }

  @Test
  void folderOfAnotherRunIsRefusedAndUntouched() throws Exception {
    Path folder = undisturbed.resolve("run");
    Map<String, String> before = content(folder);

    assertRefused(
        train(folder, "seed=2"), folder + ": holds a run with other settings: ", "\"seed\" : 1");
    assertRefused(train(folder, "rto.reward.beta1=0.2"), "\"beta1\" : 0.2");

    assertThat(content(folder)).isEqualTo(before);
  }

  @Test
  void folderWithSomethingElseIsRefusedAndUntouched() throws Exception {
    Path folder = Files.createDirectory(temp.resolve("thesis"));
    Files.writeString(folder.resolve("chapter-1.tex"), "It was a dark and stormy night");
    Map<String, String> before = content(folder);

    assertRefused(train(folder), folder + ": not a run's folder");

    assertThat(content(folder)).isEqualTo(before);
  }

  @Test
  void finishedRunIsToldAgainAndUntouched() throws Exception {
    Path folder = undisturbed.resolve("run");
    Map<String, String> before = content(folder);

    Child again = start(train(folder));

    assertThat(again.ended()).isZero();
    assertThat(String.join("\n", again.out()))
        .contains("This run is finished", result(folder).get("digest").asText());
    assertThat(content(folder)).isEqualTo(before);
  }

  @Test
  void quickstartOfTheSameSeedGivesTheSameDigestAndOfAnotherSeedAnother() throws Exception {
    Path same = temp.resolve("same");
    Path other = temp.resolve("other");

    assertEndsLikeUndisturbed(quickstart(1, same), same);
    assertThat(start(quickstart(2, other)).ended()).isZero();

    assertThat(result(other).get("digest")).isNotEqualTo(result(same).get("digest"));
  }

  private static List<String> train(Path folder, String... more) {
    Stream<String> command =
        Stream.of("train", SmallRun.CONFIG.toString(), "--out", folder.toString());
    return Stream.concat(command, SmallRun.overrides(more).stream()).toList();
  }

  private static List<String> quickstart(long seed, Path folder) {
    Stream<String> command =
        Stream.of("quickstart", "--seed", Long.toString(seed), "--out", folder.toString());
    return Stream.concat(command, SmallRun.overrides().stream()).toList();
  }

  private Child start(List<String> arguments) throws IOException {
    Child child = Child.rto(arguments);
    children.add(child);
    return child;
  }

  private static void awaitPhase(Moment wanted, Path folder, Child child)
      throws InterruptedException {
    while (Moment.of(folder, child).compareTo(wanted) < 0) {
      assertThat(child.isAlive()).as(child.said()).isTrue();
      Thread.sleep(1);
    }
  }

  /** Status 1, and on stderr, beside progress, nothing but one line with these words. */
  private void assertRefused(List<String> arguments, String... words) throws Exception {
    Child child = Child.quiet(arguments);
    children.add(child);
    assertThat(child.ended()).as(child.said()).isEqualTo(1);
    List<String> lines =
        child.err().stream().filter(line -> !PROGRESS.matcher(line).find()).toList();
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0)).startsWith("rto: ").contains(words);
  }

  private Child assertEndsLikeUndisturbed(List<String> command, Path folder) throws Exception {
    Child child = start(command);
    assertThat(child.ended()).as(child.said()).isZero();
    assertThat(child.said()).doesNotContain("\tat ", "ERROR");
    assertThat(result(folder)).isEqualTo(result(undisturbed.resolve("run")));
    assertThat(numbers(folder)).isEqualTo(numbers(undisturbed.resolve("run")));
    WholeFolder.verify(folder.resolve("rto"));
    return child;
  }

  /** All figures but the time. */
  private static JsonNode result(Path folder) throws IOException {
    ObjectNode result = (ObjectNode) JSON.readTree(folder.resolve("result.json").toFile());
    result.remove("seconds");
    return result;
  }

  /**
   * Every stage's numbers, each step once, in order, but for what the process took for them and
   * which program it was.
   */
  private static List<Entry> numbers(Path folder) throws IOException {
    List<Entry> entries = MetricsLog.read(folder.resolve("metrics.jsonl"));
    assertThat(entries.stream().filter(e -> e.stage().equals("rto")).map(Entry::step))
        .containsExactlyElementsOf(
            IntStream.range(0, SmallRun.ITERATIONS).mapToObj(i -> (long) i).toList());
    return entries.stream()
        .filter(entry -> !entry.stage().equals(ProgramsOfRun.STAGE))
        .map(KillAndResumeIT::withoutProcess)
        .toList();
  }

  /** Without its time and its memory. */
  private static Entry withoutProcess(Entry entry) {
    Map<String, Double> numbers = new TreeMap<>(entry.numbers());
    numbers.keySet().removeIf(name -> name.contains("second"));
    Stream.of(
            MetricNames.RESIDENT_MEMORY,
            MetricNames.NATIVE_MEMORY,
            MetricNames.JAVA_HEAP,
            MetricNames.OPEN_TENSORS)
        .map(MetricNames::key)
        .forEach(numbers.keySet()::remove);
    return new Entry(entry.stage(), entry.step(), numbers);
  }

  /** Every file, by its path and the hash of what is in it. */
  private static Map<String, String> content(Path folder) throws IOException {
    Map<String, String> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        byte[] hash = WholeFolder.sha256().digest(Files.readAllBytes(file));
        content.put(file.toString(), HexFormat.of().formatHex(hash));
      }
    }
    return content;
  }
}
