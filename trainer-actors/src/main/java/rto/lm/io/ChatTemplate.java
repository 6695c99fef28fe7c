package rto.lm.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rto.lm.jinja.JinjaError;
import rto.lm.jinja.JinjaTemplate;

/**
 * How a chat model wants to be asked: chat_template.jinja, or chat_template of
 * tokenizer_config.json, there a text or a list of named ones of which {@code default} counts.
 *
 * <p>A prompt is what the user says, or a conversation: a JSON array of objects with {@code role}
 * and {@code content}. Rendered so that the model's answer comes next.
 */
public final class ChatTemplate {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final String FILE = "chat_template.jinja";
  private static final String KEY = "chat_template";
  private static final List<String> SPECIAL =
      List.of(
          "bos_token",
          "eos_token",
          "unk_token",
          "sep_token",
          "pad_token",
          "cls_token",
          "mask_token");

  private final String place;
  private final String source;
  private final JinjaTemplate template;
  private final Map<String, String> specialTokens;

  private ChatTemplate(String place, String source, Map<String, String> specialTokens) {
    this.place = place;
    this.source = source;
    this.template = JinjaTemplate.of(source);
    this.specialTokens = specialTokens;
  }

  /**
   * Reads a model folder's template, if it has one, and tries it.
   *
   * @throws MalformedFile with file, line and reason
   */
  static Optional<ChatTemplate> read(Path folder) throws IOException {
    Path file = folder.resolve(FILE);
    if (Files.exists(file)) {
      return Optional.of(tried(folder, file, "", Files.readString(file)));
    }
    Path config = folder.resolve(SpecialTokens.CONFIG);
    Optional<String> text = inConfig(SpecialTokens.json(config).path(KEY));
    return text.isPresent()
        ? Optional.of(tried(folder, config, KEY + ", ", text.get()))
        : Optional.empty();
  }

  private static Optional<String> inConfig(JsonNode value) {
    JsonNode chosen = value;
    for (JsonNode named : value) {
      chosen = named.path("name").asText().equals("default") ? named.path("template") : chosen;
    }
    return Optional.of(chosen).filter(JsonNode::isTextual).map(JsonNode::asText);
  }

  private static ChatTemplate tried(Path folder, Path file, String prefix, String source)
      throws IOException {
    try {
      ChatTemplate template = new ChatTemplate(file + ": " + prefix, source, specialTokens(folder));
      template.render(List.of(user("Hello.")));
      return template;
    } catch (JinjaError e) {
      throw new MalformedFile(file, prefix + "line " + e.line() + ": " + e.getMessage());
    }
  }

  private static Map<String, String> specialTokens(Path folder) throws IOException {
    JsonNode config = SpecialTokens.json(folder.resolve(SpecialTokens.CONFIG));
    JsonNode map = SpecialTokens.json(folder.resolve(SpecialTokens.MAP));
    Map<String, String> tokens = new HashMap<>();
    for (String name : SPECIAL) {
      SpecialTokens.text(name, config, map).ifPresent(text -> tokens.put(name, text));
    }
    return tokens;
  }

  /** The template itself. */
  String source() {
    return source;
  }

  /**
   * What the model reads before it answers.
   *
   * @throws IllegalArgumentException with file, line and reason if the template refuses the prompt
   */
  String render(String prompt) {
    try {
      return render(messages(prompt).orElseGet(() -> List.of(user(prompt))));
    } catch (JinjaError e) {
      throw new IllegalArgumentException(
          place + "line " + e.line() + ": " + e.getMessage() + ", said of the prompt " + prompt, e);
    }
  }

  private String render(List<Map<String, Object>> messages) {
    Map<String, Object> values = new HashMap<>(specialTokens);
    values.put("messages", messages);
    values.put("add_generation_prompt", true);
    return template.render(values);
  }

  private static Map<String, Object> user(String content) {
    return Map.of("role", "user", "content", content);
  }

  /** Whether a prompt is a conversation, which only a chat template can read. */
  public static boolean isConversation(String prompt) {
    return messages(prompt).isPresent();
  }

  private static Optional<List<Map<String, Object>>> messages(String prompt) {
    if (!prompt.stripLeading().startsWith("[")) {
      return Optional.empty();
    }
    try {
      JsonNode array = JSON.readTree(prompt);
      boolean conversation = array.isArray() && !array.isEmpty();
      for (JsonNode message : array) {
        conversation &= message.path("role").isTextual() && message.has("content");
      }
      return conversation
          ? Optional.of(JSON.convertValue(array, new TypeReference<>() {}))
          : Optional.empty();
    } catch (JsonProcessingException plainText) {
      return Optional.empty();
    }
  }
}
