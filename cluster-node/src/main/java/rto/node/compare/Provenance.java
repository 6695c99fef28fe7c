package rto.node.compare;

import rto.train.DataSource;
import rto.train.ModelSource;
import rto.train.RunSettings;

/** Where a comparison's models, prompts and preferences come from, as sentences for its pages. */
final class Provenance {

  private Provenance() {}

  /** What every seed has of its own, and what is the same in all. */
  static String ofSeeds(RunSettings run) {
    return String.join(" ", model(run), prompts(run.data()), preferences(run.data()));
  }

  /** What the gold reward had a hand in besides judging. */
  static String ofGold(RunSettings run, boolean chose) {
    String labelled = hasPairs(run.data()) ? "" : " labelled the preferences";
    String chosen = chose ? " chose among the candidates" : "";
    String both = labelled.isEmpty() || chosen.isEmpty() ? "" : " and";
    return "The gold reward judges answers to held-out prompts. No model sees it directly"
        + (labelled.isEmpty() && chosen.isEmpty() ? "." : "; it" + labelled + both + chosen + ".");
  }

  private static String model(RunSettings run) {
    if (run.model() instanceof ModelSource.Scratch) {
      return "Each seed trains a first model of its own.";
    }
    return run.supervised().isPresent()
        ? "Each seed fine-tunes the same checkpoint to a first model of its own."
        : "The first model is the same checkpoint in every seed.";
  }

  private static String prompts(DataSource data) {
    if (data instanceof DataSource.World) {
      return "Texts and prompts are those of a micro-world of its own.";
    }
    return data instanceof DataSource.Openings
        ? "Prompts are openings that the first model writes, with other random numbers in each seed:"
            + " some may come up in several seeds, those for tuning included."
        : "Prompts, those that judge too, are the files' in every seed.";
  }

  private static String preferences(DataSource data) {
    String pairs =
        hasPairs(data)
            ? "The preferences are the file's in every seed;"
            : "Each seed samples and labels preferences anew;";
    return pairs + " reward model and DPO model are its own.";
  }

  private static boolean hasPairs(DataSource data) {
    return data instanceof DataSource.Files files && files.preferencesFile().isPresent();
  }
}
