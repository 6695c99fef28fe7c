package rto.lm.io;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import rto.lm.Rope;
import rto.lm.RopeScaling;

/**
 * The rotary angles in config.json: {@code rope_theta} and {@code rope_scaling}, or both in {@code
 * rope_parameters}, as transformers writes them from version 5 on.
 */
final class HfRope {

  private static final double DEFAULT_THETA = 10_000;
  private static final String OLD = "rope_scaling";
  private static final String NEW = "rope_parameters";

  /** What each kind of scaling reads; anything else beside it would change the angles elsewhere. */
  private static final Map<String, Set<String>> READ =
      Map.of(
          "default", Set.of(),
          "linear", Set.of("factor"),
          "llama3",
              Set.of(
                  "factor",
                  "low_freq_factor",
                  "high_freq_factor",
                  "original_max_position_embeddings"));

  private static final Set<String> ALWAYS_READ = Set.of("rope_type", "type", "rope_theta");

  private HfRope() {}

  static Rope read(JsonFields config) throws MalformedFile {
    boolean both = config.has(OLD) && config.has(NEW);
    config.refuseUnless(
        !both || config.get(OLD).equals(config.get(NEW)),
        NEW,
        config.get(NEW),
        "the same as rope_scaling, or one of the two absent");
    JsonFields rope = config.object(config.has(NEW) ? NEW : OLD);
    double theta = rope.number("rope_theta", config.number("rope_theta", DEFAULT_THETA));
    return new Rope(theta, scaling(rope));
  }

  private static RopeScaling scaling(JsonFields rope) throws MalformedFile {
    String type = rope.text("rope_type", rope.text("type", "default"));
    rope.refuseUnless(READ.containsKey(type), "rope_type", type, "default, linear or llama3");
    for (var field : rope.json().properties()) {
      String key = field.getKey();
      boolean whole = key.equals("partial_rotary_factor") && field.getValue().asDouble() == 1;
      rope.refuseUnless(
          ALWAYS_READ.contains(key)
              || READ.get(type).contains(key)
              || field.getValue().isNull()
              || whole,
          key,
          field.getValue(),
          "absent; with rope_type " + type + " there may be " + new TreeSet<>(READ.get(type)));
    }
    return switch (type) {
      case "linear" -> new RopeScaling.Linear(rope.number("factor"));
      case "llama3" ->
          new RopeScaling.Llama3(
              rope.number("factor"),
              rope.number("low_freq_factor"),
              rope.number("high_freq_factor"),
              rope.integer("original_max_position_embeddings"));
      default -> new RopeScaling.None();
    };
  }

  /** The older spelling: every version reads it. */
  static void write(Rope rope, ObjectNode config) {
    config.put("rope_theta", rope.theta());
    if (rope.scaling() instanceof RopeScaling.Linear linear) {
      config.putObject(OLD).put("rope_type", "linear").put("factor", linear.factor());
    } else if (rope.scaling() instanceof RopeScaling.Llama3 llama3) {
      config
          .putObject(OLD)
          .put("rope_type", "llama3")
          .put("factor", llama3.factor())
          .put("low_freq_factor", llama3.lowFrequency())
          .put("high_freq_factor", llama3.highFrequency())
          .put("original_max_position_embeddings", llama3.originalPositions());
    }
  }
}
