package rto.data.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.data.Demonstration;

class WordTokenizerFilesTest {

  private static final List<String> WORDS = List.of("the", ".", ",", "fox");

  @TempDir Path folder;

  @Test
  void idsAreThePlacesAfterTheSpecialTokensAndBeginComesFirst() throws IOException {
    try (HuggingFaceTokenizer tokenizer = tokenizer(WORDS)) {
      // the 3, "." 4, "," 5, fox 6; unknown words are 0; <s> 1 in front
      assertThat(tokenizer.encode("the fox , zebra .").getIds()).containsExactly(1, 3, 6, 5, 0, 4);
      assertThat(tokenizer.encode("the fox", false, false).getIds()).containsExactly(3, 6);
      assertThat(tokenizer.encode("fox </s>", false, false).getIds()).containsExactly(6, 2);
    }
  }

  @Test
  void decodingGivesTheTextBack() throws IOException {
    try (HuggingFaceTokenizer tokenizer = tokenizer(WORDS)) {
      assertThat(tokenizer.decode(new long[] {1, 3, 6, 5, 3, 4, 2}, true))
          .isEqualTo("the fox , the .");
      assertThat(tokenizer.decode(new long[] {3, 4, 2}, false)).isEqualTo("the . </s>");
    }
  }

  @Test
  void everyTextOfAMicroWorldComesBackExactly() throws IOException {
    MicroWorld world = MicroWorld.generate(1);
    List<String> words = world.words();
    try (HuggingFaceTokenizer tokenizer = tokenizer(words)) {
      for (Demonstration story : world.corpus(100)) {
        for (String text : List.of(story.prompt(), story.response())) {
          long[] expected =
              LongStream.concat(
                      LongStream.of(1),
                      Stream.of(text.split(" ")).mapToLong(word -> 3 + words.indexOf(word)))
                  .toArray();
          assertThat(tokenizer.encode(text).getIds()).isEqualTo(expected);
          assertThat(tokenizer.decode(expected, true)).isEqualTo(text);
        }
      }
    }
  }

  @Test
  void configNamesTheSpecialTokensAndKeepsSpaces() throws IOException {
    WordTokenizerFiles.write(folder, WORDS);
    JsonNode config = new ObjectMapper().readTree(folder.resolve("tokenizer_config.json").toFile());
    assertThat(config.get("bos_token").asText()).isEqualTo("<s>");
    assertThat(config.get("eos_token").asText()).isEqualTo("</s>");
    assertThat(config.get("clean_up_tokenization_spaces").asBoolean()).isFalse();
  }

  @Test
  void wordsThatCannotBeTokensAreRefused() {
    assertThatThrownBy(() -> WordTokenizerFiles.tokenizer(List.of("two words")))
        .hasMessage("word: \"two words\" (expected: no white space)");
    assertThatThrownBy(() -> WordTokenizerFiles.tokenizer(List.of("a", "<s>")))
        .hasMessage("word: \"<s>\" (expected: each word once)");
  }

  private HuggingFaceTokenizer tokenizer(List<String> words) throws IOException {
    WordTokenizerFiles.write(folder, words);
    return HuggingFaceTokenizer.newInstance(folder.resolve("tokenizer.json"));
  }
}
