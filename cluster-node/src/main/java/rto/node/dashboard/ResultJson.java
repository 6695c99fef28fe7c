package rto.node.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rto.checkpoint.WholeFile;

/**
 * The figures of a run for programs:
 *
 * <pre>
 *   {"seed", "seconds", "digest", "trajectories",
 *    "stages": {"base"|"dpo"|"rto": {"goldReward", "ci95", "winRate", "kl", "length"}},
 *    "best": {"model", "reward"}}
 * </pre>
 *
 * A figure that does not exist is null; "best" is left out where there is none.
 */
public final class ResultJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private ResultJson() {}

  /** What the file holds; see {@link Report} for each. */
  public record Result(
      long seed,
      double seconds,
      String digest,
      long trajectories,
      List<Report.StageRow> stages,
      Optional<Report.Best> best) {}

  /** Writes the file whole or not at all. */
  public static void write(Report report, Path file) throws IOException {
    WholeFile.write(file, of(report));
  }

  /** The figures that {@link #write} wrote; a null is NaN again. */
  public static Result read(Path file) throws IOException {
    JsonNode json = JSON.readTree(Files.readString(file));
    List<Report.StageRow> stages =
        json.path("stages").properties().stream()
            .map(stage -> row(stage.getKey(), stage.getValue()))
            .toList();
    return new Result(
        json.path("seed").longValue(),
        figure(json, "seconds"),
        json.path("digest").asText(),
        json.path("trajectories").longValue(),
        stages,
        Optional.of(json.path("best")).filter(JsonNode::isObject).map(ResultJson::best));
  }

  private static Report.Best best(JsonNode best) {
    return new Report.Best(best.path("model").asText(), figure(best, "reward"));
  }

  private static Report.StageRow row(String stage, JsonNode figures) {
    return new Report.StageRow(
        stage,
        figure(figures, "goldReward"),
        figure(figures, "ci95"),
        figure(figures, "winRate"),
        figure(figures, "kl"),
        figure(figures, "length"));
  }

  private static double figure(JsonNode node, String name) {
    return node.path(name).asDouble(Double.NaN);
  }

  static String of(Report report) throws JsonProcessingException {
    ObjectNode result = JSON.createObjectNode();
    result.put("seed", report.seed());
    put(result, "seconds", report.seconds());
    result.put("digest", report.digest());
    result.put("trajectories", report.trajectories());
    ObjectNode stages = result.putObject("stages");
    for (Report.StageRow row : report.stages()) {
      ObjectNode stage = stages.putObject(row.stage());
      put(stage, "goldReward", row.goldReward());
      put(stage, "ci95", row.ci95());
      put(stage, "winRate", row.winRate());
      put(stage, "kl", row.kl());
      put(stage, "length", row.length());
    }
    report.best().ifPresent(best -> put(result.putObject("best"), best));
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result) + "\n";
  }

  private static void put(ObjectNode node, Report.Best best) {
    node.put("model", best.model());
    put(node, "reward", best.reward());
  }

  private static void put(ObjectNode node, String name, double value) {
    node.put(name, Double.isFinite(value) ? value : null);
  }
}
