package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clusters of real processes, against {@code rto train} of the same settings. */
class LocalClusterIT {

  private static final String ITERATIONS = "rto.iterations=12";
  private static final long PATIENCE_SECONDS = 100;

  @TempDir static Path undisturbed;
  private static String plain;

  @TempDir Path temp;

  private final List<Child> children = new ArrayList<>();

  @BeforeAll
  static void trainInOneProcess() throws Exception {
    Path folder = undisturbed.resolve("run");
    try (Child child = Child.rto(command("train", "--out", folder.toString()))) {
      assertThat(child.ended()).as(child.said()).isZero();
    }
    plain = digest(folder);
  }

  @AfterEach
  void nobodySurvives() {
    children.forEach(Child::close);
  }

  @Test
  void killedWorkerScorerAndLearnerAreStartedAgainAndTheDigestIsThatOfOneProcess()
      throws Exception {
    Path folder = temp.resolve("run");
    Child local = start(command("local", "--rollouts", "2", "--out", folder.toString()));

    killWhen(local, "iteration 2 of", "rollout-0");
    killWhen(local, "iteration 4 of", "reference-0");
    killWhen(local, "iteration 7 of", "learner-0");

    assertThat(local.ended()).as(local.said()).isZero();
    assertThat(local.out()).contains("digest  " + plain);
    assertThat(local.out()).anyMatch(line -> line.startsWith("rto ")).anyMatch(this::isHeader);
    assertThat(digest(folder)).isEqualTo(plain);
    assertThat(local.err().stream().filter(line -> line.matches("rto: .* died with status 137")))
        .as(local.said())
        .hasSize(3);
  }

  @Test
  void standbyLearnerTakesOverAndInterruptedClusterIsGoneOnWithByOneProcess() throws Exception {
    Path folder = temp.resolve("run");
    Child local = start(command("local", "--learners", "2", "--out", folder.toString()));
    killWhen(local, "iteration 3 of", "learner-0");
    awaitLine(local, "learner-1: .*iteration 6 of");

    local.kill();

    Child resumed = start(List.of("resume", folder.toString()));
    assertThat(resumed.ended()).as(resumed.said()).isZero();
    assertThat(resumed.err()).noneMatch(line -> line.contains("iteration 3 of 12 learned: "));
    assertThat(digest(folder)).isEqualTo(plain);
  }

  @Test
  void runWaitsWhileThereIsNoWorkerAndLosesNothingWhenWorkersLeaveAndJoin() throws Exception {
    String first = "127.0.0.1:" + FreePort.next();
    int port = FreePort.next();
    Child learner =
        start(node("learner,reference,dpo,reward", first, "", "management.port=" + port));
    await("the desk", () -> status(first).contains("no run is on"));
    Child submitted = start(command("submit", "--join", first, "--out", "run", "--follow"));
    await("no worker", () -> status(first).contains("no rollout worker is there"));

    // Four tasks an iteration, all of them open, and nobody has any in work.
    await("open tasks", () -> metric(port, "rto_tasks_open").equals(Optional.of(4.0)));
    assertThat(metric(port, "rto_tasks_waiting")).contains(4.0);
    await("ready", () -> ManagedNode.ask("127.0.0.1", port, "GET", "/ready").status() == 200);

    Child leaving = start(node("rollout", "127.0.0.1:" + FreePort.next(), first));
    awaitLine(learner, ".*iteration 3 of.*");
    leaving.terminate();
    assertThat(leaving.ended()).as(leaving.said()).isEqualTo(128 + 15);
    control("pause", first);
    String second = "127.0.0.1:" + FreePort.next();
    Child joining = start(node("rollout", second, first));
    await("the pause", () -> status(first).contains("paused"));
    // Paused between two iterations: whatever was begun is learned.
    double version = metric(port, "rto_policy_version").orElseThrow();
    assertThat(version).isBetween(3.0, 11.0);
    assertThat(metric(port, "rto_tasks_confirmed").orElseThrow())
        .isBetween(4 * version, 4 * version + 4);
    control("continue", first);

    assertThat(submitted.ended()).as(submitted.said()).isZero();
    assertThat(submitted.out()).contains("digest  " + plain);
    assertThat(status(first)).contains("last run    run: finished").contains(second);
    assertThat(metric(port, "rto_run_on")).contains(0.0);
    control("drain", first, second);
    assertThat(joining.ended()).as(joining.said()).isZero();
  }

  private boolean isHeader(String line) {
    return line.startsWith("stage ");
  }

  /** A process that has just been started again is given time to be somebody. */
  private static void killWhen(Child local, String line, String node) throws Exception {
    awaitLine(local, "learner-\\d: .*" + line + ".*");
    Matcher started = lastLine(local, "rto: " + node + " started: pid (\\d+), .*").orElseThrow();
    ProcessHandle.of(Long.parseLong(started.group(1))).orElseThrow().destroyForcibly();
    awaitLine(local, "rto: " + node + " died with status 137");
  }

  private static void awaitLine(Child child, String pattern) throws Exception {
    await(
        pattern,
        () -> {
          assertThat(child.isAlive()).as(child.said()).isTrue();
          return lastLine(child, pattern + ".*").isPresent();
        });
  }

  private static Optional<Matcher> lastLine(Child child, String pattern) {
    Pattern compiled = Pattern.compile(pattern);
    return child.err().stream()
        .map(compiled::matcher)
        .filter(Matcher::matches)
        .reduce((one, other) -> other);
  }

  private static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE_SECONDS * 1_000_000_000;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private Child start(List<String> arguments) throws IOException {
    Child child = Child.rto(arguments);
    children.add(child);
    return child;
  }

  private static Optional<Double> metric(int port, String name) {
    return ManagedNode.ask("127.0.0.1", port, "GET", "/metrics").gauge(name);
  }

  private List<String> node(String roles, String address, String join, String... more) {
    List<String> all = new ArrayList<>(List.of("node", "--roles", roles, "--data"));
    all.addAll(List.of(temp.toString(), "--port", address.substring(address.indexOf(':') + 1)));
    if (!join.isEmpty()) {
      all.addAll(List.of("--join", join));
    }
    all.addAll(List.of("failure-detection=one-rack", "resources.rollout-workers=1"));
    all.addAll(List.of(more));
    return all;
  }

  private static String status(String node) {
    try (Child child = Child.quiet(List.of("status", "--join", node))) {
      child.ended();
      return String.join("\n", child.out());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void control(String command, String node, String... more) throws Exception {
    List<String> all = new ArrayList<>(List.of(command, "--join", node));
    all.addAll(List.of(more));
    try (Child child = Child.quiet(all)) {
      assertThat(child.ended()).as(child.said()).isZero();
    }
  }

  private static List<String> command(String name, String... options) {
    return Stream.of(
            Stream.of(name),
            Stream.of(options),
            Stream.of(SmallRun.CONFIG.toString()),
            SmallRun.overrides(ITERATIONS).stream())
        .flatMap(part -> part)
        .toList();
  }

  private static String digest(Path folder) throws IOException {
    return new ObjectMapper()
        .readTree(Files.readAllBytes(folder.resolve("result.json")))
        .get("digest")
        .asText();
  }
}
