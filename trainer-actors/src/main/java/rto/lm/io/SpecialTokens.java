package rto.lm.io;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import rto.lm.DecoderConfig;
import rto.lm.Family;

/**
 * Where a text begins and a response ends, as transformers' tokenizers have it.
 *
 * <p>The begin token, in this order: what add_bos_token says; none if bos_token is null; the token
 * that tokenizer.json's post-processor puts first; bos_token_id of the model's config.json, if the
 * tokenizer is of the class that adds one unasked, or of no class and the model a Llama or Mistral.
 *
 * <p>A response is ended by eos_token of the tokenizer or, without one, by the first that the
 * model's files name; any other token that these files name ends one, too.
 *
 * @param begin of every text, if it has one
 * @param ends the first is the one that is put after a response that ended
 */
record SpecialTokens(OptionalInt begin, List<Integer> ends) {

  static final String CONFIG = "tokenizer_config.json";
  static final String MAP = "special_tokens_map.json";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BOS = "bos_token";
  private static final String EOS = "eos_token";
  private static final String ADD_BOS = "add_bos_token";
  private static final Set<String> BEGINS_UNASKED = Set.of("LlamaTokenizer", "LlamaTokenizerFast");

  static SpecialTokens read(Path folder, HuggingFaceTokenizer tokenizer, DecoderConfig model)
      throws IOException {
    return new Reader(folder, tokenizer, model).read();
  }

  private record Reader(
      Path file,
      JsonNode config,
      JsonNode map,
      HuggingFaceTokenizer tokenizer,
      DecoderConfig model) {

    Reader(Path folder, HuggingFaceTokenizer tokenizer, DecoderConfig model) throws IOException {
      this(
          folder.resolve(CONFIG),
          json(folder.resolve(CONFIG)),
          json(folder.resolve(MAP)),
          tokenizer,
          model);
    }

    SpecialTokens read() throws MalformedFile {
      Set<Integer> ends = new LinkedHashSet<>();
      id(EOS).ifPresent(ends::add);
      ends.addAll(model.eosTokens());
      if (ends.isEmpty()) {
        throw new MalformedFile(
            file, EOS + ": missing (expected: a token, here or as eos_token_id)");
      }
      return new SpecialTokens(begin(), List.copyOf(ends));
    }

    private OptionalInt begin() throws MalformedFile {
      JsonNode asked = config.path(ADD_BOS);
      if (asked.isBoolean()) {
        return asked.asBoolean() ? named() : OptionalInt.empty();
      }
      if (config.path(BOS).isNull()) {
        return OptionalInt.empty();
      }
      OptionalInt first = putFirst();
      return first.isPresent() || !beginsUnasked() ? first : model.bosToken();
    }

    private OptionalInt named() throws MalformedFile {
      OptionalInt named = id(BOS);
      return named.isPresent() ? named : model.bosToken();
    }

    /** What the post-processor puts before an empty text. */
    private OptionalInt putFirst() throws MalformedFile {
      long[] ids = tokenizer.encode("", true, false).getIds();
      OptionalInt end = id(EOS);
      boolean begins = ids.length > 0 && !(end.isPresent() && ids[0] == end.getAsInt());
      return begins ? OptionalInt.of((int) ids[0]) : OptionalInt.empty();
    }

    private boolean beginsUnasked() {
      Family family = model.traits().family();
      return config.hasNonNull("tokenizer_class")
          ? BEGINS_UNASKED.contains(config.path("tokenizer_class").asText())
          : family == Family.LLAMA || family == Family.MISTRAL;
    }

    /** The id of the token that either file gives this name: a string, or an object with one. */
    private OptionalInt id(String name) throws MalformedFile {
      Optional<String> text = text(name, config, map);
      if (text.isEmpty()) {
        return OptionalInt.empty();
      }
      long[] ids = tokenizer.encode(text.get(), false, false).getIds();
      if (ids.length != 1) {
        throw new MalformedFile(
            file, name + ": " + text.get() + " (expected: one token of tokenizer.json)");
      }
      return OptionalInt.of((int) ids[0]);
    }
  }

  /** A token's text in tokenizer_config.json or else special_tokens_map.json, if it has one. */
  static Optional<String> text(String name, JsonNode config, JsonNode map) {
    JsonNode token = config.has(name) ? config.get(name) : map.path(name);
    JsonNode text = token.isObject() ? token.path("content") : token;
    return Optional.of(text).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  /** The file's object; nothing if there is no such file. */
  static JsonNode json(Path file) throws IOException {
    if (!Files.exists(file)) {
      return MissingNode.getInstance();
    }
    try {
      return JSON.readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new MalformedFile(file, e.getOriginalMessage());
    }
  }
}
