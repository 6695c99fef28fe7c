package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.Delimiters;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Sequence;

class TokenizerTest {

  private static final int BOS = 1;
  private static final int EOS = 2;
  private static final DecoderConfig MODEL =
      new DecoderConfig(
          512, 16, 24, 2, 4, 2, 4, 1e-5, 10_000, 48, BOS, EOS, new Head.Language(true));

  private static final String SPECIAL =
      """
      "added_tokens": [
        {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true},
        {"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true},
        {"id": 2, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}]
      """;

  /** Whole words. Truncation and padding are on, as some published files have them. */
  private static final String WORDS =
      """
      {"version": "1.0",
       "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst",
                      "stride": 0},
       "padding": {"strategy": {"Fixed": 9}, "direction": "Right", "pad_to_multiple_of": null,
                   "pad_id": 0, "pad_type_id": 0, "pad_token": "<unk>"},
       %s, "normalizer": null, "pre_tokenizer": {"type": "WhitespaceSplit"},
       "post_processor": {"type": "TemplateProcessing",
         "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                    {"Sequence": {"id": "A", "type_id": 0}}],
         "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
         "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
       "decoder": null,
       "model": {"type": "WordLevel", "unk_token": "<unk>",
         "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "the": 3, "cat": 4, "sat": 5}}}
      """
          .formatted(SPECIAL);

  /** Letters that merge: a b to ab. */
  private static final String MERGES =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       %s, "normalizer": null, "pre_tokenizer": null, "post_processor": null,
       "decoder": {"type": "Fuse"},
       "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": false,
         "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "a": 3, "b": 4, "ab": 5, "c": 6},
         "merges": ["a b"]}}
      """
          .formatted(SPECIAL);

  @TempDir Path folder;

  @Test
  void aTextBeginsWithExactlyOneBeginToken() throws IOException {
    try (Tokenizer words = tokenizer(WORDS)) {
      assertThat(words.encode("the cat")).containsExactly(BOS, 3, 4);
      assertThat(words.encode("<s> the cat")).containsExactly(BOS, 3, 4);
      assertThat(words.encode("")).containsExactly(BOS);
      assertThat(words.encode("the dog")).containsExactly(BOS, 3, 0);
    }
  }

  @Test
  void truncationAndPaddingOfTheFileAreOff() throws IOException {
    try (Tokenizer words = tokenizer(WORDS)) {
      assertThat(words.encode("the cat sat the cat sat")).containsExactly(BOS, 3, 4, 5, 3, 4, 5);
    }
  }

  @Test
  void promptAndResponseAreReadAsOneText() throws IOException {
    try (Tokenizer words = tokenizer(WORDS)) {
      assertSequence(words.encode("the cat", " sat", true), new int[] {BOS, 3, 4}, 5, EOS);
      assertSequence(words.encode("the cat", " sat", false), new int[] {BOS, 3, 4}, 5);
      assertSequence(words.encode("the cat", "", true), new int[] {BOS, 3, 4}, EOS);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> words.encode("the cat", "", false))
          .withMessageContaining("response: no tokens");
    }
  }

  @Test
  void aTokenAcrossTheBorderCountsToTheResponse() throws IOException {
    try (Tokenizer merges = tokenizer(MERGES)) {
      // "ca" alone is c a; "ca" + "bc" is c ab c: the a is gone from the prompt.
      assertThat(merges.encode("ca")).containsExactly(BOS, 6, 3);
      assertSequence(merges.encode("ca", "bc", true), new int[] {BOS, 6}, 5, 6, EOS);
      assertSequence(merges.encode("a", "b", false), new int[] {BOS}, 5);
    }
  }

  @Test
  void aResponseKeepsItsLeadingSpaceAndLosesItsEndToken() throws IOException {
    try (Tokenizer words = tokenizer(WORDS)) {
      int[] prompt = {BOS, 3, 4};
      assertThat(words.decodeResponse(prompt, new int[] {5, 3, EOS})).isEqualTo(" sat the");
      assertThat(words.decodeResponse(prompt, new int[] {EOS})).isEmpty();
      assertThat(words.decode(prompt)).isEqualTo("the cat");
    }
  }

  @Test
  void theVocabularyIsTheTextOfEachToken() throws IOException {
    try (Tokenizer words = tokenizer(WORDS)) {
      // special tokens have no text, and neither has an id without a token
      assertThat(words.vocabulary(8)).containsExactly("", "", "", "the", "cat", "sat", "", "");
    }
  }

  @Test
  void theSentenceEndsOfARealTokenizerAreItsMarksAndTheLineBreak() throws IOException {
    Path stories =
        Path.of(System.getProperty("rto.stories260k", "../../shared/models/stories260k"));
    assumeTrue(Files.isDirectory(stories), "skipped: no tokenizer in " + stories);
    try (Tokenizer tokenizer = Tokenizer.load(stories, MODEL)) {
      List<String> texts = tokenizer.vocabulary(512);
      Set<Integer> ends = new Delimiters.SentenceEnds().among(texts);
      assertThat(ends.stream().map(texts::get)).contains(".", "!", "?", "\n");
      int[] story = tokenizer.encode("", "He ran.\nShe sat!", true).response();
      assertThat(Arrays.stream(story).filter(ends::contains).mapToObj(texts::get))
          .containsExactly(".", "\n", "!");
    }
  }

  @Test
  void copiedFilesLoadAlike() throws IOException {
    try (Tokenizer original = tokenizer(WORDS)) {
      Path copy = Files.createDirectory(folder.resolve("copy"));
      Tokenizer.copyFiles(folder, copy);
      try (Tokenizer copied = Tokenizer.load(copy, MODEL)) {
        assertThat(copied.encode("the cat")).containsExactly(original.encode("the cat"));
      }
    }
  }

  @Test
  void missingAndDamagedFilesAreNamed() throws IOException {
    assertThatThrownBy(() -> Tokenizer.load(folder, MODEL))
        .hasMessageContaining(folder.resolve("tokenizer.json").toString());
    Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 7}");
    assertThatThrownBy(() -> Tokenizer.load(folder, MODEL))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(folder.resolve("tokenizer.json").toString());
  }

  @Test
  void aRealTokenizerCutsAndJoinsWithoutLoss() throws IOException {
    Path stories =
        Path.of(System.getProperty("rto.stories260k", "../../shared/models/stories260k"));
    assumeTrue(Files.isDirectory(stories), "skipped: no tokenizer in " + stories);
    try (Tokenizer tokenizer = Tokenizer.load(stories, MODEL)) {
      String prompt = "Once upon a time, there was a ti";
      String response = "ny cat.\nIt said: \"Zażółć, 猫!\"";
      Sequence sequence = tokenizer.encode(prompt, response, true);
      int[] all = Arrays.copyOf(sequence.prompt(), sequence.length());
      System.arraycopy(
          sequence.response(), 0, all, sequence.prompt().length, sequence.response().length);
      assertThat(tokenizer.decode(all)).isEqualTo(prompt + response);
      assertThat(all).containsOnlyOnce(BOS).containsOnlyOnce(EOS).startsWith(BOS).endsWith(EOS);
      // Cut where the prompt's own tokens end, at the latest.
      assertThat(tokenizer.encode(prompt)).startsWith(sequence.prompt());
      assertThat(
              tokenizer.decode(sequence.prompt())
                  + tokenizer.decodeResponse(sequence.prompt(), sequence.response()))
          .isEqualTo(prompt + response);
      assertThat(String.join("", TokenTexts.of(tokenizer, sequence.prompt(), sequence.response())))
          .isEqualTo(tokenizer.decodeResponse(sequence.prompt(), sequence.response()) + " ⏎");
    }
  }

  private Tokenizer tokenizer(String json) throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), json);
    return Tokenizer.load(folder, MODEL);
  }

  private static void assertSequence(Sequence actual, int[] prompt, int... response) {
    assertThat(actual.prompt()).containsExactly(prompt);
    assertThat(actual.response()).containsExactly(response);
  }
}
