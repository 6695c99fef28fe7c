package rto.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import rto.checkpoint.WholeFolder;
import rto.data.BadDataException;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.PromptSplit;
import rto.data.catalog.GoldRewards;
import rto.data.world.MicroWorld;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.io.ChatTemplate;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.node.settings.ConfigMistakes;
import rto.train.DataSource;
import rto.train.ModelSource;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * What settings say about the world outside of them, before anything is trained: that files are
 * there and can be read, that prompts suffice and fit the model. All mistakes at once.
 */
final class SettingsCheck {

  private final RunSettings settings;
  private final boolean files;
  private final List<String> problems = new ArrayList<>();

  private SettingsCheck(RunSettings settings) {
    this.settings = settings;
    this.files = settings.data() instanceof DataSource.Files;
  }

  /**
   * Checks the settings of a run that may have begun: a first model that is in the folder already
   * need not be anywhere else.
   *
   * @throws ConfigMistakes with every problem
   */
  static void require(RunSettings settings, RunFolder folder) {
    if (Files.exists(folder.result())) {
      return;
    }
    List<String> problems = problems(settings, folder);
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
  }

  /** As above, but the mistakes are returned. */
  static List<String> problems(RunSettings settings, RunFolder folder) {
    return new SettingsCheck(settings).problems(folder);
  }

  private List<String> problems(RunFolder folder) {
    attempt("preferences.gold", () -> GoldRewards.byName(settings.preferences().gold()));
    List<String> prompts = prompts();
    rewardModel(folder, prompts);
    if (settings.model() instanceof ModelSource.Scratch scratch) {
      lengths("the model", scratch.maxPositions(), prompts, SettingsCheck::wordsAndBegin);
      delimiters(() -> MicroWorld.generate(settings.seed()).words());
    } else {
      model(folder).ifPresent(model -> lengths(model, prompts));
    }
    return problems;
  }

  /** Checks what is known of the prompts; returns those that are there already. */
  private List<String> prompts() {
    if (settings.data() instanceof DataSource.Openings openings) {
      iteration(openings.prompts());
      evaluation(openings.heldOut());
      demonstrations();
      return List.of();
    }
    DataSource.Given data = (DataSource.Given) settings.data();
    long seed = settings.seed();
    Optional<List<String>> prompts = attempt(key("prompts"), () -> data.prompts(seed));
    Optional<List<String>> heldOut = attempt(key("held-out"), () -> data.heldOutPrompts(seed));
    prompts.map(List::size).ifPresent(this::iteration);
    heldOut.map(List::size).ifPresent(this::evaluation);
    demonstrations();
    preferences(prompts);
    prompts.ifPresent(texts -> noConversations(key("prompts"), texts));
    heldOut.ifPresent(texts -> noConversations(key("held-out"), texts));
    return Stream.of(prompts, heldOut).flatMap(Optional::stream).flatMap(List::stream).toList();
  }

  /** Without a chat template, a list of messages is no prompt. */
  private void noConversations(String key, List<String> texts) {
    int first = settings.model().isChat() ? -1 : firstConversation(texts);
    refuseUnless(
        first < 0,
        "%s: example %s is a list of messages (expected: a text; model.chat-template = on takes"
            + " lists)",
        key,
        first + 1);
  }

  private static int firstConversation(List<String> texts) {
    return IntStream.range(0, texts.size())
        .filter(i -> ChatTemplate.isConversation(texts.get(i)))
        .findFirst()
        .orElse(-1);
  }

  private void evaluation(int heldOut) {
    refuseUnless(
        settings.evaluationPrompts() <= heldOut,
        "evaluation-prompts: %s (expected: <= %s, the prompts of %s)",
        settings.evaluationPrompts(),
        heldOut,
        key("held-out"));
  }

  private void iteration(int prompts) {
    refuseUnless(
        settings.rto().promptsPerIteration() <= prompts,
        "rto.prompts-per-iteration: %s (expected: at most the %s prompts)",
        settings.rto().promptsPerIteration(),
        prompts);
  }

  private void demonstrations() {
    if (settings.data() instanceof DataSource.World) {
      return;
    }
    attempt(key("demonstrations"), () -> settings.data().demonstrations(settings.seed()))
        .ifPresent(
            texts ->
                refuseUnless(
                    settings.supervised().isEmpty() || !texts.isEmpty(),
                    "supervised: given (expected: off, since %s)",
                    files ? "there is no data.demonstrations-file" : "the data are prompts only"));
  }

  /** Pairs to train on and pairs to measure on need two different prompts. */
  private void preferences(Optional<List<String>> prompts) {
    attempt("data.preferences-file", () -> settings.data().preferences())
        .ifPresent(
            labelled -> {
              String key = labelled.isPresent() ? "data.preferences-file" : key("prompts");
              labelled.ifPresent(pairs -> noConversations(key, promptsOf(pairs)));
              labelled
                  .map(SettingsCheck::promptsOf)
                  .or(() -> prompts)
                  .ifPresent(
                      asked ->
                          attempt(
                              key, () -> PromptSplit.of(asked, settings.preferences().heldOut())));
            });
  }

  private static List<String> promptsOf(PreferenceDataset pairs) {
    return pairs.examples().stream().map(Preference::prompt).toList();
  }

  /** The folder with the first model, if it has what is needed. */
  private Optional<Path> model(RunFolder folder) {
    return WholeFolder.exists(folder.base())
        ? Optional.of(folder.base())
        : model("model.path", ((ModelSource.Checkpoint) settings.model()).path());
  }

  private void rewardModel(RunFolder folder, List<String> prompts) {
    Optional<Path> given = settings.rewardModel().path();
    if (given.isPresent() && !WholeFolder.exists(folder.rewardModel())) {
      model("reward-model.path", given.get()).ifPresent(model -> rewardModel(model, prompts));
    }
  }

  private void rewardModel(Path given, List<String> prompts) {
    try (Tokenizer tokenizer = settings.model().tokenizer(given)) {
      tokenizer.encode("");
      DecoderConfig config = HfCheckpoint.config(given);
      // A response may be longer in its tokens than in the policy's; that is seen when it is
      // scored.
      lengths("the reward model", config.maxPositions(), prompts, tokenizer);
      refuseUnless(
          config.head() instanceof Head.Scalar,
          "reward-model.path: %s: a language model (expected: a reward model,"
              + " ...ForSequenceClassification with one label)",
          given);
    } catch (IOException | IllegalArgumentException unreadable) {
      problems.add("reward-model.path: " + unreadable.getMessage());
    }
  }

  private Optional<Path> model(String key, Path path) {
    List<String> missing =
        Stream.of("config.json", "model.safetensors", "tokenizer.json")
            .filter(name -> !Files.isRegularFile(path.resolve(name)))
            .filter(name -> !Files.isRegularFile(path.resolve(name + ".index.json")))
            .toList();
    refuseUnless(
        missing.isEmpty(),
        "%s: %s%s (expected: a folder with config.json, model.safetensors and tokenizer.json)",
        key,
        path,
        Files.isDirectory(path) ? " without " + String.join(", ", missing) : ": no such folder");
    return missing.isEmpty() ? Optional.of(path) : Optional.empty();
  }

  private void lengths(Path folder, List<String> prompts) {
    try (Tokenizer tokenizer = settings.model().tokenizer(folder)) {
      DecoderConfig config = HfCheckpoint.config(folder);
      refuseUnless(
          config.head() instanceof Head.Language,
          "model.path: %s: a reward model (expected: a language model)",
          folder);
      lengths("the model", config.maxPositions(), prompts, tokenizer);
      delimiters(() -> tokenizer.vocabulary(config.vocabSize()));
    } catch (IOException | IllegalArgumentException unreadable) {
      problems.add("model.path: " + unreadable.getMessage());
    }
  }

  private void lengths(String model, int positions, List<String> prompts, Tokenizer tokenizer) {
    lengths(model, positions, prompts, prompt -> tokenizer.encode(prompt).length);
  }

  private void lengths(
      String model, int positions, List<String> prompts, ToIntFunction<String> length) {
    int longest = prompts.stream().mapToInt(length).max().orElse(longestOpening());
    int left = positions - longest;
    refuseUnless(
        settings.rto().maxNewTokens() <= left,
        "rto.max-new-tokens: %s (expected: %s: %s has %s positions, the longest prompt %s"
            + " tokens)",
        settings.rto().maxNewTokens(),
        left > 0 ? "<= " + left : "shorter prompts",
        model,
        positions,
        longest);
  }

  /** A token reward that pays certain tokens must find them. */
  private void delimiters(Supplier<List<String>> vocabulary) {
    try {
      settings.rto().rule(vocabulary);
    } catch (IllegalArgumentException refused) {
      problems.add("rto.reward." + refused.getMessage());
    }
  }

  /** Of openings, which nobody has written yet, the limit. */
  private int longestOpening() {
    return settings.data() instanceof DataSource.Openings openings ? openings.maxTokens() : 0;
  }

  /** How many tokens the micro-world's tokenizer makes of a prompt. */
  private static int wordsAndBegin(String prompt) {
    return prompt.split(" ").length + 1;
  }

  /** {@code data.prompts}, or {@code data.prompts-file} if that is what the config has. */
  private String key(String what) {
    return "data." + what + (files ? "-file" : "");
  }

  /** The value, or else its problem under the key: a file keeps its name, a value does not. */
  private <T> Optional<T> attempt(String key, Supplier<T> source) {
    try {
      return Optional.of(source.get());
    } catch (BadDataException | UncheckedIOException unreadable) {
      problems.add(key + ": " + unreadable.getMessage());
    } catch (IllegalArgumentException refused) {
      problems.add(key + ": " + refused.getMessage().replaceFirst("^[a-z -]+: ", ""));
    }
    return Optional.empty();
  }

  private void refuseUnless(boolean condition, String message, Object... args) {
    if (!condition) {
      problems.add(message.formatted(args));
    }
  }
}
