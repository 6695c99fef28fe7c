package rto.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Responses to imitate, in the order of their file. */
public record DemonstrationDataset(List<Demonstration> examples) {

  private static final String SHAPE = "{prompt, response} or {text}";

  public DemonstrationDataset {
    examples = List.copyOf(examples);
  }

  /**
   * Reads JSON Lines of {@code {prompt, response}} or {@code {text}}, plain or gzip. A text counts
   * only where neither prompt nor response stands; it has the empty prompt.
   *
   * @throws BadDataException naming file, line and reason
   */
  public static DemonstrationDataset read(Path file) {
    return new DemonstrationDataset(JsonLines.read(file, SHAPE, DemonstrationDataset::parse));
  }

  /** Writes what {@link #read} reads, whole or not at all. */
  public void write(Path file) {
    JsonLines.write(file, examples.stream().map(DemonstrationDataset::line).toList());
  }

  public int size() {
    return examples.size();
  }

  private static Demonstration parse(JsonLines.Line line) {
    if (line.has("prompt") || line.has("response")) {
      return new Demonstration(line.prompt("prompt"), line.response("response"));
    }
    if (!line.has("text")) {
      throw line.bad("response", "missing", SHAPE);
    }
    return new Demonstration("", line.text("text"));
  }

  private static Object line(Demonstration example) {
    return example.prompt().isEmpty() ? Map.of("text", example.response()) : example;
  }
}
