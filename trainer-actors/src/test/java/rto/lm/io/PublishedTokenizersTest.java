package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import rto.lm.Sequence;

/**
 * Tokenizers of the classes that published models have, against the ids that transformers gives:
 * see {@code src/test/fixtures/make_tokenizers.py}.
 */
class PublishedTokenizersTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path ALL = Path.of("src/test/resources/tokenizers");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen25", "llama2"})
  void textsBecomeTheIdsThatTransformersGives(String name) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.ofModel(ALL.resolve(name))) {
      for (JsonNode text : expected(name).get("texts")) {
        assertThat(tokenizer.encode(text.get("text").asText()))
            .as(text.toString())
            .containsExactly(ids(text));
        assertThat(tokenizer.decode(ids(text))).isEqualTo(text.get("decoded").asText());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen25", "llama2"})
  void conversationsAreRenderedAsTransformersRendersThem(String name) throws IOException {
    ChatTemplate template = ChatTemplate.read(ALL.resolve(name)).orElseThrow();
    try (Tokenizer tokenizer = Tokenizer.ofChatModel(ALL.resolve(name))) {
      for (JsonNode chat : expected(name).get("chats")) {
        String prompt = chat.get("messages").toString();
        assertThat(template.render(prompt)).isEqualTo(chat.get("text").asText());
        assertThat(tokenizer.encode(prompt)).containsExactly(ids(chat));
      }
    }
  }

  /** The first conversation is one message of a user: a text says the same. */
  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen25", "llama2"})
  void aTextIsWhatAUserSays(String name) throws IOException {
    JsonNode chat = expected(name).get("chats").get(0);
    String text = chat.get("messages").get(0).get("content").asText();
    try (Tokenizer tokenizer = Tokenizer.ofChatModel(ALL.resolve(name))) {
      assertThat(tokenizer.encode(text)).containsExactly(ids(chat));
      Sequence sequence = tokenizer.encode(text, "To the sea.", true);
      assertThat(sequence.prompt()).containsExactly(ids(chat));
      assertThat(tokenizer.decodeResponse(sequence.prompt(), sequence.response()))
          .isEqualTo("To the sea.");
      assertThat(tokenizer.encode("")).isEqualTo(plain(name));
    }
  }

  private static int[] plain(String name) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.ofModel(ALL.resolve(name))) {
      return tokenizer.encode("");
    }
  }

  @Test
  void aTemplateThatFailsIsToldWithFileAndLine() throws IOException {
    for (String file : new String[] {"tokenizer.json", "config.json"}) {
      Files.copy(ALL.resolve("qwen25").resolve(file), folder.resolve(file));
    }
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"chat_template\": \"a\\n{% if %}\"}");
    assertThatThrownBy(() -> Tokenizer.ofChatModel(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessageStartingWith(config + ": chat_template, line 2: ");
    Path template = folder.resolve("chat_template.jinja");
    Files.writeString(
        template,
        "\n{% if messages[0].role == 'system' %}{{ raise_exception('No system!') }}{% endif %}");
    try (Tokenizer tokenizer = Tokenizer.ofChatModel(folder)) {
      assertThatThrownBy(() -> tokenizer.encode("[{\"role\": \"system\", \"content\": \"x\"}]"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(template + ": line 2: No system!, said of the prompt [");
    }
    Files.delete(template);
    Files.writeString(config, "{}");
    assertThatThrownBy(() -> Tokenizer.ofChatModel(folder))
        .hasMessageStartingWith(folder + ": no chat template (expected: ");
  }

  /** The rendered conversation begins with the begin token where the model has one: no second. */
  @ParameterizedTest
  @ValueSource(strings = {"llama3", "qwen25", "llama2"})
  void specialTokensThatATextSpellsAreRead(String name) throws IOException {
    try (Tokenizer tokenizer = Tokenizer.ofModel(ALL.resolve(name))) {
      for (JsonNode chat : expected(name).get("chats")) {
        assertThat(tokenizer.encode(chat.get("text").asText()))
            .as(chat.toString())
            .containsExactly(ids(chat));
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"llama3, <|eot_id|>, 3", "qwen25, <|im_end|>, 2", "llama2, </s>, 1"})
  void aResponseIsEndedByTheTokenizersTokenAndByThoseOfTheModel(String name, String end, int all)
      throws IOException {
    try (Tokenizer tokenizer = Tokenizer.ofModel(ALL.resolve(name))) {
      int first = tokenizer.endTokens().get(0);
      assertThat(first).isEqualTo(expected(name).get("eos").asInt());
      assertThat(tokenizer.encode(end)).endsWith(first);
      assertThat(tokenizer.endTokens()).hasSize(all).doesNotHaveDuplicates();
      Sequence sequence = tokenizer.encode("The king", " gave", true);
      assertThat(sequence.response()).endsWith(first);
      assertThat(tokenizer.decodeResponse(sequence.prompt(), sequence.response()))
          .isEqualTo(" gave");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          llama3 ; {"add_bos_token": false, "bos_token": "<|begin_of_text|>", "eos_token": "<|eot_id|>"} ; 0
          llama3 ; {"bos_token": null, "eos_token": "<|eot_id|>"}                                         ; 0
          llama3 ; {"bos_token": {"content": "<|begin_of_text|>"}, "eos_token": "<|eot_id|>"}             ; 1
          qwen25 ; {"add_bos_token": true, "bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}        ; 1
          qwen25 ; {"bos_token": "<|im_start|>", "tokenizer_class": "GPT2Tokenizer"}                      ; 0
          qwen25 ; {"tokenizer_class": "LlamaTokenizer"}                                                  ; 1
          qwen25 ; {}                                                                                     ; 0
          """)
  void whetherATextBeginsWithATokenIsSaidByTheFiles(String name, String config, int begins)
      throws IOException {
    for (String file : new String[] {"tokenizer.json", "config.json"}) {
      Files.copy(ALL.resolve(name).resolve(file), folder.resolve(file));
    }
    Files.writeString(folder.resolve("tokenizer_config.json"), config);
    try (Tokenizer tokenizer = Tokenizer.ofModel(folder)) {
      assertThat(tokenizer.encode("")).hasSize(begins);
    }
  }

  @Test
  void aTokenThatTheTokenizerDoesNotHaveIsRefused() throws IOException {
    for (String file : new String[] {"tokenizer.json", "config.json"}) {
      Files.copy(ALL.resolve("qwen25").resolve(file), folder.resolve(file));
    }
    Path config = folder.resolve("tokenizer_config.json");
    Files.writeString(config, "{\"eos_token\": \"<end>\"}");
    assertThatThrownBy(() -> Tokenizer.ofModel(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessage(config + ": eos_token: <end> (expected: one token of tokenizer.json)");
    Files.writeString(config, "{\"eos_token\": ");
    assertThatThrownBy(() -> Tokenizer.ofModel(folder))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(config.toString());
  }

  private static JsonNode expected(String name) throws IOException {
    return JSON.readTree(ALL.resolve(name).resolve("expected.json").toFile());
  }

  private static int[] ids(JsonNode of) {
    return StreamSupport.stream(of.get("ids").spliterator(), false)
        .mapToInt(JsonNode::asInt)
        .toArray();
  }
}
