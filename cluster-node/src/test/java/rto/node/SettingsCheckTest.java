package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.data.world.WordTokenizerFiles;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.train.RunFolder;
import rto.train.RunSettings;

class SettingsCheckTest {

  @TempDir Path temp;
  private Path model;
  private RunFolder run;

  /** A model of 16 positions; nothing here looks into its weights. */
  @BeforeEach
  void writeFiles() throws IOException {
    run = new RunFolder(temp.resolve("run"));
    model = temp.resolve("model");
    WordTokenizerFiles.write(model, List.of("a", "b", "c"));
    Files.writeString(
        model.resolve("config.json"),
        """
        {"vocab_size": 6, "hidden_size": 8, "intermediate_size": 8, "num_hidden_layers": 1,
         "num_attention_heads": 2, "max_position_embeddings": 16}
        """);
    Files.createFile(model.resolve("model.safetensors"));
    prompts("prompts.jsonl", "a b c", "a b", "a");
    prompts("held-out.jsonl", "b", "b c");
  }

  @Test
  void settingsThatCanBeUsedPass() {
    assertThatCode(() -> SettingsCheck.require(settings(), run)).doesNotThrowAnyException();
  }

  @Test
  void allMistakesAreToldAtOnce() {
    assertThat(
            problems(
                "model.path=" + temp.resolve("none"),
                "data.prompts-file=" + temp.resolve("missing.jsonl"),
                "preferences.gold=sentimant",
                "evaluation-prompts=3"))
        .containsExactly(
            "preferences.gold: sentimant (expected: sentiment, or micro-world:SEED with a whole"
                + " number of 64 bits as SEED; did you mean sentiment?)",
            "data.prompts-file: %s: missing (expected: a JSON Lines file of {prompt})"
                .formatted(temp.resolve("missing.jsonl")),
            "evaluation-prompts: 3 (expected: <= 2, the prompts of data.held-out-file)",
            "model.path: %s: no such folder (expected: a folder with config.json,"
                    .formatted(temp.resolve("none"))
                + " model.safetensors and tokenizer.json)");
  }

  @Test
  void aFolderThatIsNoModelIsToldWithWhatItLacks() throws IOException {
    Files.delete(model.resolve("model.safetensors"));
    Files.delete(model.resolve("tokenizer.json"));
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("model.path: " + model + " without model.safetensors, tokenizer.json (expected")
        .doesNotContain("\n");
  }

  @Test
  void aChatTemplateIsTriedBeforeTheRun() throws IOException {
    assertThat(problems("model.chat-template=on"))
        .singleElement()
        .asString()
        .startsWith("model.path: " + model + ": no chat template (expected: ");
    Path template = model.resolve("chat_template.jinja");
    Files.writeString(template, "a\n{% if %}");
    assertThat(problems("model.chat-template=on"))
        .singleElement()
        .asString()
        .startsWith("model.path: " + template + ": line 2: ");
    // a b a b: the three prompts, told twice each; with <s> seven tokens
    Files.writeString(template, "{% for i in [1, 2] %}{{ messages[0].content }} {% endfor %}");
    assertThat(problems("model.chat-template=on", "rto.max-new-tokens=10"))
        .singleElement()
        .asString()
        .endsWith("the longest prompt 7 tokens)");
  }

  @Test
  void onlyAChatTemplateReadsListsOfMessages() throws IOException {
    Files.writeString(
        temp.resolve("held-out.jsonl"),
        "{\"prompt\": \"b\"}\n{\"prompt\": [{\"role\": \"user\", \"content\": \"c\"}]}");
    assertThat(problems())
        .containsExactly(
            "data.held-out-file: example 2 is a list of messages (expected: a text;"
                + " model.chat-template = on takes lists)");
    Files.writeString(model.resolve("chat_template.jinja"), "{{ messages[0].content }}");
    assertThatCode(() -> SettingsCheck.require(settings("model.chat-template=on"), run))
        .doesNotThrowAnyException();
  }

  @Test
  void aRewardModelCannotBeTheFirstModel() throws IOException {
    Path config = model.resolve("config.json");
    String reward = "{\"architectures\": [\"LlamaForSequenceClassification\"],";
    Files.writeString(config, Files.readString(config).replaceFirst("\\{", reward));
    assertThat(problems())
        .containsExactly(
            "model.path: %s: a reward model (expected: a language model)".formatted(model));
  }

  @Test
  void aGivenRewardModelIsAReadableOne() {
    assertThat(problems("reward-model.path=" + temp.resolve("none")))
        .containsExactly(
            "reward-model.path: %s: no such folder (expected: a folder with config.json,"
                    .formatted(temp.resolve("none"))
                + " model.safetensors and tokenizer.json)");
    assertThat(problems("reward-model.path=" + model))
        .containsExactly(
            "reward-model.path: %s: a language model (expected: a reward model,".formatted(model)
                + " ...ForSequenceClassification with one label)");
  }

  @Test
  void responsesMustFitBehindTheLongestPrompt() {
    // 16 positions, less <s> a b c
    assertThat(problems("rto.max-new-tokens=13"))
        .containsExactly(
            "rto.max-new-tokens: 13 (expected: <= 12: the model has 16 positions, the longest"
                + " prompt 4 tokens)");
  }

  @Test
  void anIterationTakesAtMostAllPrompts() {
    assertThat(problems("rto.prompts-per-iteration=4"))
        .containsExactly("rto.prompts-per-iteration: 4 (expected: at most the 3 prompts)");
  }

  @Test
  void onePromptCannotBeTrainedOnAndHeldOut() throws IOException {
    prompts("prompts.jsonl", "a", "a");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("data.prompts-file: 1 different (expected: >= 2");
  }

  @Test
  void supervisedTrainingNeedsTexts() {
    String stage = "supervised={epochs=1,batch-size=1,micro-batch=1,learning-rate=1}";
    assertThat(problems(stage))
        .containsExactly(
            "supervised: given (expected: off, since there is no data.demonstrations-file)");
  }

  @Test
  void aBadLineIsToldWithItsPlace() throws IOException {
    Files.writeString(temp.resolve("held-out.jsonl"), "{\"prompt\": 1}\n");
    assertThat(problems())
        .singleElement()
        .asString()
        .startsWith("data.held-out-file: " + temp.resolve("held-out.jsonl") + ":1: prompt: 1");
  }

  @Test
  void aWorldWithoutAFileIsCheckedAsWell() {
    // The micro-world has 10,368 prompts; none is as short as a word.
    assertThat(
            problems(
                loaded(
                    """
                    model { type = scratch, hidden-size = 8, feed-forward-size = 8, layers = 1,
                      query-heads = 2, kv-heads = 1, max-positions = 13 }
                    data { type = micro-world, corpus = 8, prompts = 10369, held-out = 4 }
                    supervised { epochs = 1, batch-size = 1, micro-batch = 1, learning-rate = 1 }
                    preferences.gold = "micro-world:1"
                    rto.max-new-tokens = 12
                    evaluation-prompts = 2
                    """)))
        .hasSize(2)
        .anyMatch(p -> p.equals("data.prompts: 10369 (expected: 0 to 10368)"))
        .anyMatch(p -> p.matches("rto.max-new-tokens: 12 \\(expected: .* has 13 positions, .*"));
  }

  @Test
  void aDelimiterMustBeATokenWhereItIsPaid() {
    String delimiters = "rto.reward.delimiters={type=tokens,tokens=[a,ab]}";
    assertThat(problems("rto.token-reward=semi-rto", delimiters))
        .containsExactly(
            "rto.reward.delimiters.tokens: \"ab\" (expected: one token of the tokenizer, like"
                + " \"a\", \"b\")");
    // the words of this tokenizer end no sentence
    assertThat(problems("rto.token-reward=semi-rto"))
        .singleElement()
        .asString()
        .startsWith("rto.reward.delimiters: sentence-ends (expected: tokens, since none of");
    assertThatCode(() -> SettingsCheck.require(settings(delimiters), run))
        .doesNotThrowAnyException();
  }

  @Test
  void theMicroWorldsDelimitersAreCheckedBeforeThereIsATokenizer() {
    RunSettings settings =
        Settings.load(
            SmallRun.CONFIG,
            List.of(
                "rto.token-reward=semi-rto",
                "rto.reward.delimiters={type=tokens,tokens=[\".\",\"!\"]}"),
            RunSettings.class);
    assertThat(problems(settings))
        .containsExactly(
            "rto.reward.delimiters.tokens: \"!\" (expected: one token of the tokenizer, like"
                + " \".\")");
  }

  @Test
  void openingsAreCheckedBeforeTheyAreWritten() {
    // 16 positions, less the 5 tokens that an opening may have
    String openings = "{ type = openings, prompts = 3, held-out = 1, max-tokens = 5 }";
    assertThat(
            problems(
                loaded(
                    """
                    model { type = checkpoint, path = "%s" }
                    data %s
                    preferences.gold = sentiment
                    rto { max-new-tokens = 12, prompts-per-iteration = 4 }
                    evaluation-prompts = 2
                    """
                        .formatted(model, openings))))
        .containsExactly(
            "rto.prompts-per-iteration: 4 (expected: at most the 3 prompts)",
            "evaluation-prompts: 2 (expected: <= 1, the prompts of data.held-out)",
            "rto.max-new-tokens: 12 (expected: <= 11: the model has 16 positions, the longest"
                + " prompt 5 tokens)");
  }

  @Test
  void aFinishedRunNeedsNothingMore() throws IOException {
    Files.createDirectories(run.root());
    Files.createFile(run.result());
    assertThatCode(() -> SettingsCheck.require(settings("evaluation-prompts=99"), run))
        .doesNotThrowAnyException();
  }

  private List<String> problems(String... overrides) {
    return problems(settings(overrides));
  }

  private List<String> problems(RunSettings settings) {
    return catchThrowableOfType(ConfigMistakes.class, () -> SettingsCheck.require(settings, run))
        .problems();
  }

  private RunSettings settings(String... overrides) {
    return loaded(
        """
        model { type = checkpoint, path = "%s" }
        data { type = files, prompts-file = "%s", held-out-file = "%s" }
        preferences.gold = sentiment
        rto { max-new-tokens = 12, prompts-per-iteration = 2 }
        evaluation-prompts = 2
        """
            .formatted(model, temp.resolve("prompts.jsonl"), temp.resolve("held-out.jsonl")),
        overrides);
  }

  private RunSettings loaded(String config, String... overrides) {
    try {
      Path file = Files.writeString(temp.resolve("run.conf"), config);
      return Settings.load(file, List.of(overrides), RunSettings.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void prompts(String file, String... prompts) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String prompt : prompts) {
      lines.add("{\"prompt\": \"" + prompt + "\"}");
    }
    Files.write(temp.resolve(file), lines);
  }
}
