package rto.data.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rto.protocol.Require;

/**
 * Hugging Face tokenizer files for a list of words: one token per word, words separated by white
 * space, {@code <unk>} 0, {@code <s>} 1, {@code </s>} 2, then the words from 3 on. Encoding puts
 * {@code <s>} in front; decoding joins the words with single spaces (that is what a tokenizer
 * without a decoder does).
 */
public final class WordTokenizerFiles {

  /** The special tokens; a token's id is its place in this list. */
  public static final List<String> SPECIAL_TOKENS = List.of("<unk>", "<s>", "</s>");

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private WordTokenizerFiles() {}

  /** The content of tokenizer.json. */
  public static ObjectNode tokenizer(List<String> words) {
    ObjectNode tokenizer = NODES.objectNode().put("version", "1.0");
    tokenizer.putNull("truncation").putNull("padding");
    tokenizer.set("added_tokens", addedTokens());
    tokenizer.putNull("normalizer");
    tokenizer.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    tokenizer.set("post_processor", beginOfSequenceFirst());
    tokenizer.putNull("decoder");
    tokenizer.set("model", model(words));
    return tokenizer;
  }

  /** The content of tokenizer_config.json. */
  public static ObjectNode config() {
    return NODES
        .objectNode()
        .put("tokenizer_class", "PreTrainedTokenizerFast")
        .put("unk_token", "<unk>")
        .put("bos_token", "<s>")
        .put("eos_token", "</s>")
        .put("add_bos_token", true)
        .put("add_eos_token", false)
        .put("clean_up_tokenization_spaces", false);
  }

  /**
   * Writes tokenizer.json and tokenizer_config.json into {@code folder}, which is made if absent.
   */
  public static void write(Path folder, List<String> words) {
    try {
      Files.createDirectories(folder);
      ObjectMapper json = new ObjectMapper();
      json.writerWithDefaultPrettyPrinter()
          .writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer(words));
      json.writerWithDefaultPrettyPrinter()
          .writeValue(folder.resolve("tokenizer_config.json").toFile(), config());
    } catch (IOException e) {
      throw new UncheckedIOException(folder + ": cannot be written: " + e.getMessage(), e);
    }
  }

  private static ArrayNode addedTokens() {
    ArrayNode tokens = NODES.arrayNode();
    for (int id = 0; id < SPECIAL_TOKENS.size(); id++) {
      tokens
          .addObject()
          .put("id", id)
          .put("content", SPECIAL_TOKENS.get(id))
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", false)
          .put("special", true);
    }
    return tokens;
  }

  private static ObjectNode beginOfSequenceFirst() {
    ObjectNode template = NODES.objectNode().put("type", "TemplateProcessing");
    ArrayNode single = template.putArray("single");
    single.add(piece("SpecialToken", "<s>", 0)).add(piece("Sequence", "A", 0));
    ArrayNode pair = template.putArray("pair");
    pair.add(piece("SpecialToken", "<s>", 0)).add(piece("Sequence", "A", 0));
    pair.add(piece("Sequence", "B", 1));
    ObjectNode begin = template.putObject("special_tokens").putObject("<s>").put("id", "<s>");
    begin.putArray("ids").add(SPECIAL_TOKENS.indexOf("<s>"));
    begin.putArray("tokens").add("<s>");
    return template;
  }

  private static ObjectNode piece(String type, String id, int typeId) {
    ObjectNode piece = NODES.objectNode();
    piece.putObject(type).put("id", id).put("type_id", typeId);
    return piece;
  }

  private static ObjectNode model(List<String> words) {
    ObjectNode model = NODES.objectNode().put("type", "WordLevel");
    ObjectNode vocabulary = model.putObject("vocab");
    SPECIAL_TOKENS.forEach(token -> vocabulary.put(token, vocabulary.size()));
    for (String word : words) {
      Require.that(word.matches("\\S+"), "word: \"%s\" (expected: no white space)", word);
      Require.that(!vocabulary.has(word), "word: \"%s\" (expected: each word once)", word);
      vocabulary.put(word, vocabulary.size());
    }
    return model.put("unk_token", "<unk>");
  }
}
