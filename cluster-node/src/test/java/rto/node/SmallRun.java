package rto.node;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The quickstart, all stages of it, in a few seconds: 15,000 parameters, little data. */
final class SmallRun {

  static final Path CONFIG = config();

  /** Six iterations of four tasks, a checkpoint after every other. */
  static final int ITERATIONS = 6;

  static final int TASKS = 4;
  static final int CHECKPOINT_EVERY = 2;

  private SmallRun() {}

  /** Over config/quickstart.conf. */
  static List<String> overrides(String... more) {
    List<String> small =
        List.of(
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
            "rto.iterations=" + ITERATIONS,
            "rto.prompts-per-iteration=32",
            "rto.samples-per-prompt=2",
            "rto.prompts-per-task=" + 32 / TASKS,
            "rto.epochs=2",
            "rto.minibatch=32",
            "rto.micro-batch=16",
            "rto.kl-control={type=adaptive,beta2=0.01,target=1,horizon=500}",
            "rto.checkpoint-every=" + CHECKPOINT_EVERY,
            "evaluation-prompts=32",
            "resources.compute-threads=2",
            "resources.rollout-workers=2");
    return Stream.concat(small.stream(), Stream.of(more)).toList();
  }

  private static Path config() {
    Path here = Path.of("config", "quickstart.conf");
    return Files.exists(here) ? here : Path.of("..").resolve(here);
  }
}
