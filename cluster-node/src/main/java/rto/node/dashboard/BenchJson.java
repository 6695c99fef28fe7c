package rto.node.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import rto.bench.BenchReport;
import rto.bench.EnduranceReport;
import rto.bench.Measurement;

/**
 * What {@code rto bench} found, for programs: the components of {@link BenchReport} and its records
 * by name, and beside each measurement's seconds its tokensPerSecond, bound and share. Rates are in
 * flop/s, bandwidths in bytes/s, memory in bytes.
 */
public final class BenchJson {

  private static final ObjectMapper JSON = new ObjectMapper();

  private BenchJson() {}

  public static String of(BenchReport report) {
    ObjectNode json = JSON.valueToTree(report);
    for (int i = 0; i < report.shapes().size(); i++) {
      derive(report.shapes().get(i).measurements(), json.at("/shapes/" + i + "/measurements"));
    }
    return text(json);
  }

  /** The components of {@link EnduranceReport} and its records by name; memory in bytes. */
  public static String of(EnduranceReport report) {
    return text(JSON.valueToTree(report));
  }

  private static String text(JsonNode json) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json)
          + System.lineSeparator();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("figures could not be written as JSON", e);
    }
  }

  private static void derive(List<Measurement> measurements, JsonNode into) {
    for (int i = 0; i < measurements.size(); i++) {
      ObjectNode one = (ObjectNode) into.get(i);
      one.set("tokensPerSecond", JSON.valueToTree(measurements.get(i).tokensPerSecond()));
      one.put("bound", measurements.get(i).bound());
      one.set("share", JSON.valueToTree(measurements.get(i).share()));
    }
  }
}
