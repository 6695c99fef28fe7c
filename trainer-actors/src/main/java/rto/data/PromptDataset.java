package rto.data;

import java.nio.file.Path;
import java.util.List;

/** Prompts, in the order of their file; a prompt's index in the list is its name in a run. */
public record PromptDataset(List<PromptExample> examples) {

  public PromptDataset {
    examples = List.copyOf(examples);
  }

  /**
   * Reads JSON Lines of {@code {prompt}}, plain or gzip. A prompt may be a list of messages {@code
   * {role, content}}; it becomes the text of its JSON.
   *
   * @throws BadDataException naming file, line and reason
   */
  public static PromptDataset read(Path file) {
    return new PromptDataset(
        JsonLines.read(file, "{prompt}", line -> new PromptExample(line.prompt("prompt"))));
  }

  /** A dataset of these prompts. */
  public static PromptDataset of(List<String> prompts) {
    return new PromptDataset(prompts.stream().map(PromptExample::new).toList());
  }

  /** Writes what {@link #read} reads, whole or not at all. */
  public void write(Path file) {
    JsonLines.write(file, examples);
  }

  public int size() {
    return examples.size();
  }
}
