package rto.chaos;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import rto.chaos.invariant.Evidence.Expected;
import rto.checkpoint.WholeFolder;
import rto.node.ClusterDoor;

/**
 * A small run whose stages before the policy stage are made already, and what an undisturbed one of
 * one process comes to.
 *
 * @param start a run's folder as the policy stage finds it
 */
record Prepared(Path start, List<String> overrides, Expected expected) {

  /** Over {@link #CONFIG}: 15,000 parameters, little data, iterations of four tasks. */
  static final int TASKS = 4;

  static final Path CONFIG = config();

  private static final String RESULT = "result.json";

  /** Trains without a disturbance; a folder where that was done before is taken as it is. */
  static Prepared in(Path folder, int iterations, int staleness) throws Exception {
    List<String> overrides = overrides(iterations, staleness);
    Path start = folder.resolve("start");
    Path undisturbed = folder.resolve("undisturbed");
    if (!Files.exists(undisturbed.resolve(RESULT))) {
      WholeFolder.delete(folder);
      Files.createDirectories(folder);
      try (Alone stages = Alone.training(start, overrides, folder.resolve("start.log"))) {
        stages.killWhenJournalIsThere(start);
      }
      removePolicyStage(start);
      copy(start, undisturbed);
      try (Alone all = Alone.training(undisturbed, overrides, folder.resolve("undisturbed.log"))) {
        all.finish();
      }
    }
    return new Prepared(
        start, overrides, new Expected(iterations, TASKS, staleness, digest(undisturbed)));
  }

  /** A folder for a run to go on with. */
  void copyTo(Path folder) throws IOException {
    copy(start, folder);
  }

  /** The digest in the result of a run; empty if it has none. */
  static String digest(Path folder) throws IOException {
    Path result = folder.resolve(RESULT);
    return Files.exists(result)
        ? new ObjectMapper().readTree(Files.readAllBytes(result)).get("digest").asText()
        : "";
  }

  private static void removePolicyStage(Path folder) throws IOException {
    WholeFolder.delete(folder.resolve("checkpoints"));
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().startsWith("journal")).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.getParent());
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path).toString()));
      }
    }
  }

  private static List<String> overrides(int iterations, int staleness) {
    return List.of(
        "model.hidden-size=32",
        "model.feed-forward-size=64",
        "model.layers=1",
        "model.query-heads=2",
        "model.kv-heads=1",
        "data.corpus=3000",
        "data.prompts=64",
        "data.held-out=32",
        "supervised.epochs=1",
        "supervised.batch-size=32",
        "preferences.pairs=400",
        "reward-model.epochs=1",
        "reward-model.batch-size=32",
        "dpo.epochs=1",
        "dpo.batch-size=32",
        "rto.iterations=" + iterations,
        "rto.staleness=" + staleness,
        "rto.prompts-per-iteration=16",
        "rto.samples-per-prompt=2",
        "rto.prompts-per-task=" + 16 / TASKS,
        "rto.epochs=2",
        "rto.minibatch=16",
        "rto.micro-batch=8",
        "rto.kl-control={type=adaptive,beta2=0.01,target=1,horizon=500}",
        "rto.checkpoint-every=3",
        "evaluation-prompts=32",
        "resources.compute-threads=2",
        "resources.rollout-workers=2");
  }

  private static Path config() {
    Path here = Path.of("config", "quickstart.conf");
    return (Files.exists(here) ? here : Path.of("..").resolve(here)).toAbsolutePath().normalize();
  }

  /** The run in one process. */
  private record Alone(Victim process) implements AutoCloseable {

    static Alone training(Path folder, List<String> overrides, Path log) throws IOException {
      List<String> command =
          Stream.concat(
                  Stream.of("train", "--out", folder.toString(), CONFIG.toString()),
                  overrides.stream())
              .toList();
      return new Alone(Victim.start("alone", List.of(), Map.of(), command, log));
    }

    void killWhenJournalIsThere(Path folder) throws Exception {
      Patience.await(
          "the policy stage of " + folder,
          () -> ClusterDoor.hasJournal(folder) || !process.isAlive());
      process.kill();
      int status = process.end().get();
      if (!ClusterDoor.hasJournal(folder)) {
        throw new IllegalStateException("rto train ended with " + status + "\n" + text());
      }
    }

    void finish() throws Exception {
      int status = process.end().get();
      if (status != 0) {
        throw new IllegalStateException("rto train ended with " + status + "\n" + text());
      }
    }

    private String text() {
      return String.join("\n", process.said().stream().map(Victim.Line::text).toList());
    }

    @Override
    public void close() {
      process.kill();
    }
  }
}
