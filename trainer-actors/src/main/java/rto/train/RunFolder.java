package rto.train;

import java.nio.file.Path;

/**
 * Where things lie in a run's folder.
 *
 * <pre>
 *   config.json  programs.json           the settings that decide the result, who computed it
 *   base/  prompts/  preferences/  reward-model/  dpo/   each whole or not there
 *   rto/                                 the trained policy
 *   checkpoints/  journal*               the policy stage on its way
 *   metrics.jsonl  result.json  report.html
 * </pre>
 */
public record RunFolder(Path root) {

  public Path config() {
    return root.resolve("config.json");
  }

  public Path base() {
    return root.resolve("base");
  }

  public Path prompts() {
    return root.resolve("prompts");
  }

  public Path preferences() {
    return root.resolve("preferences");
  }

  public Path rewardModel() {
    return root.resolve("reward-model");
  }

  public Path dpo() {
    return root.resolve("dpo");
  }

  public Path policy() {
    return root.resolve("rto");
  }

  public Path checkpoints() {
    return root.resolve("checkpoints");
  }

  public Path metrics() {
    return root.resolve("metrics.jsonl");
  }

  public Path result() {
    return root.resolve("result.json");
  }

  public Path report() {
    return root.resolve("report.html");
  }
}
