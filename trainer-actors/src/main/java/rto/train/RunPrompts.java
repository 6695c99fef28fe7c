package rto.train;

import java.nio.file.Path;
import java.util.List;
import rto.data.PromptDataset;
import rto.data.PromptExample;

/**
 * The prompts of a run, wherever they came from: {@link Stages} puts them into the run's folder,
 * and every later stage reads them there.
 *
 * @param train to train on
 * @param heldOut to evaluate on
 */
public record RunPrompts(List<String> train, List<String> heldOut) {

  private static final String TRAIN = "train.jsonl";
  private static final String HELD_OUT = "held-out.jsonl";

  public RunPrompts {
    train = List.copyOf(train);
    heldOut = List.copyOf(heldOut);
  }

  /** The prompts of a run whose stages are made. */
  public static RunPrompts read(RunFolder folder) {
    return new RunPrompts(
        texts(folder.prompts().resolve(TRAIN)), texts(folder.prompts().resolve(HELD_OUT)));
  }

  /** Writes what {@link #read} reads. */
  void write(Path into) {
    PromptDataset.of(train).write(into.resolve(TRAIN));
    PromptDataset.of(heldOut).write(into.resolve(HELD_OUT));
  }

  private static List<String> texts(Path file) {
    return PromptDataset.read(file).examples().stream().map(PromptExample::prompt).toList();
  }
}
