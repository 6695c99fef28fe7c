package rto.train;

import static rto.protocol.Require.problem;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rto.data.Demonstration;
import rto.data.DemonstrationDataset;
import rto.data.PreferenceDataset;
import rto.data.PromptDataset;
import rto.data.PromptExample;
import rto.data.world.MicroWorld;
import rto.protocol.Named;
import rto.protocol.Require;

/**
 * Where prompts and demonstrations come from. A pure function of its settings and the seed, but for
 * {@link Openings}.
 */
public sealed interface DataSource {

  /** Texts for the supervised stage; may be empty. */
  List<Demonstration> demonstrations(long seed);

  /** Labelled pairs that exist already; otherwise the preference stage samples and labels. */
  Optional<PreferenceDataset> preferences();

  /** A source whose prompts are there before the run. */
  interface Given {

    /** Prompts to train on. */
    List<String> prompts(long seed);

    /** Prompts to evaluate on, none of them trained on. */
    List<String> heldOutPrompts(long seed);
  }

  /**
   * The artificial language of the quickstart.
   *
   * @param corpus texts for base training
   * @param prompts to train on
   * @param heldOut to evaluate on
   */
  @Named("micro-world")
  record World(int corpus, int prompts, int heldOut) implements DataSource, Given {

    public World {
      Require.all(
          problem(corpus > 0, "corpus: %s (expected: > 0)", corpus),
          problem(prompts > 0, "prompts: %s (expected: > 0)", prompts),
          problem(heldOut > 0, "held-out: %s (expected: > 0)", heldOut));
    }

    @Override
    public List<String> prompts(long seed) {
      return MicroWorld.generate(seed).prompts(prompts);
    }

    @Override
    public List<String> heldOutPrompts(long seed) {
      return MicroWorld.generate(seed).heldOutPrompts(heldOut);
    }

    @Override
    public List<Demonstration> demonstrations(long seed) {
      return MicroWorld.generate(seed).corpus(corpus).stream()
          .map(d -> new Demonstration(d.prompt(), " " + d.response()))
          .toList();
    }

    @Override
    public Optional<PreferenceDataset> preferences() {
      return Optional.empty();
    }
  }

  /**
   * First sentences that the first model writes of its own accord ({@link OpeningWriter}).
   *
   * @param prompts to train on
   * @param heldOut to evaluate on
   * @param maxTokens longest opening, its begin-of-sequence token included
   */
  @Named("openings")
  record Openings(int prompts, int heldOut, int maxTokens) implements DataSource {

    public Openings {
      Require.all(
          problem(prompts >= 2, "prompts: %s (expected: >= 2)", prompts),
          problem(heldOut > 0, "held-out: %s (expected: > 0)", heldOut),
          problem(maxTokens >= 2, "max-tokens: %s (expected: >= 2)", maxTokens));
    }

    @Override
    public List<Demonstration> demonstrations(long seed) {
      return List.of();
    }

    @Override
    public Optional<PreferenceDataset> preferences() {
      return Optional.empty();
    }
  }

  /**
   * JSON Lines, plain or gzip.
   *
   * @param promptsFile {prompt} to train on
   * @param heldOutFile {prompt} to evaluate on
   * @param demonstrationsFile {prompt, response} for supervised fine-tuning
   * @param preferencesFile {prompt, chosen, rejected}
   */
  @Named("files")
  record Files(
      Path promptsFile,
      Path heldOutFile,
      Optional<Path> demonstrationsFile,
      Optional<Path> preferencesFile)
      implements DataSource, Given {

    @Override
    public List<String> prompts(long seed) {
      return texts(promptsFile);
    }

    @Override
    public List<String> heldOutPrompts(long seed) {
      return texts(heldOutFile);
    }

    @Override
    public List<Demonstration> demonstrations(long seed) {
      return demonstrationsFile.map(f -> DemonstrationDataset.read(f).examples()).orElse(List.of());
    }

    @Override
    public Optional<PreferenceDataset> preferences() {
      return preferencesFile.map(PreferenceDataset::read);
    }

    private static List<String> texts(Path file) {
      return PromptDataset.read(file).examples().stream().map(PromptExample::prompt).toList();
    }
  }
}
