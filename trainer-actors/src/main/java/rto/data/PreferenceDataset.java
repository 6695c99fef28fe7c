package rto.data;

import java.nio.file.Path;
import java.util.List;

/** Pairs of responses of which one is preferred, in the order of their file. */
public record PreferenceDataset(List<Preference> examples) {

  public PreferenceDataset {
    examples = List.copyOf(examples);
  }

  /**
   * Reads JSON Lines of {@code {prompt, chosen, rejected}}, plain or gzip; {@code chosen_truncated}
   * and {@code rejected_truncated} say, where true, that no end token follows a response. Lists of
   * messages are taken, too: see {@link PromptDataset#read}; a response is one of the assistant.
   *
   * @throws BadDataException naming file, line and reason
   */
  public static PreferenceDataset read(Path file) {
    return new PreferenceDataset(
        JsonLines.read(file, "{prompt, chosen, rejected}", PreferenceDataset::parse));
  }

  /** Writes what {@link #read} reads, whole or not at all. */
  public void write(Path file) {
    JsonLines.write(file, examples);
  }

  public int size() {
    return examples.size();
  }

  private static Preference parse(JsonLines.Line line) {
    return new Preference(
        line.prompt("prompt"),
        line.response("chosen"),
        line.response("rejected"),
        line.flag("chosen_truncated"),
        line.flag("rejected_truncated"));
  }
}
