package rto.lm.io;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import rto.lm.DecoderConfig;
import rto.lm.Sequence;
import rto.protocol.Require;
import rto.tensor.Torch;

/**
 * Text to token ids and back, by the model's own tokenizer.json. A text begins with exactly one
 * begin-of-sequence token, or with none if the model has none; what a response says is read in the
 * place where it stands, after its prompt.
 */
public final class Tokenizer implements AutoCloseable {

  private static final String FILE = "tokenizer.json";
  private static final List<String> FILES =
      List.of(
          FILE,
          SpecialTokens.CONFIG,
          SpecialTokens.MAP,
          "chat_template.jinja",
          "generation_config.json",
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "tokenizer.model");

  private final Path folder;
  private final HuggingFaceTokenizer tokenizer;
  private final SpecialTokens special;
  private final Optional<ChatTemplate> chat;

  private Tokenizer(
      Path folder,
      HuggingFaceTokenizer tokenizer,
      SpecialTokens special,
      Optional<ChatTemplate> chat) {
    this.folder = folder;
    this.tokenizer = tokenizer;
    this.special = special;
    this.chat = chat;
  }

  /** Loads the tokenizer of a complete model folder. */
  public static Tokenizer ofModel(Path folder) throws IOException {
    return load(folder, HfCheckpoint.config(folder));
  }

  /**
   * The same of a chat model: prompts are rendered by its chat template before they are read, but
   * for the empty one.
   *
   * @throws MalformedFile if there is no template, or with its file, line and what is wrong there
   */
  public static Tokenizer ofChatModel(Path folder) throws IOException {
    return loadChat(folder, HfCheckpoint.config(folder));
  }

  /** Loads the tokenizer of a folder that may not have its model yet. */
  public static Tokenizer load(Path folder, DecoderConfig model) throws IOException {
    return load(folder, model, Optional.empty());
  }

  /** The same of a chat model. */
  public static Tokenizer loadChat(Path folder, DecoderConfig model) throws IOException {
    Optional<ChatTemplate> template = ChatTemplate.read(folder);
    if (template.isEmpty()) {
      throw new MalformedFile(
          folder,
          "no chat template (expected: chat_template in tokenizer_config.json, or"
              + " chat_template.jinja)");
    }
    return load(folder, model, template);
  }

  private static Tokenizer load(Path folder, DecoderConfig model, Optional<ChatTemplate> chat)
      throws IOException {
    HuggingFaceTokenizer tokenizer = open(folder.resolve(FILE));
    try {
      return new Tokenizer(folder, tokenizer, SpecialTokens.read(folder, tokenizer, model), chat);
    } catch (IOException | RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static HuggingFaceTokenizer open(Path file) throws IOException {
    Torch.stayOffline();
    Require.that(Files.isRegularFile(file), "tokenizer: %s (expected: a file)", file);
    Map<String, String> options =
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try {
      return HuggingFaceTokenizer.newInstance(file, options);
    } catch (RuntimeException e) {
      throw new MalformedFile(file, e.getMessage());
    }
  }

  /** Whether a model folder has a tokenizer. */
  public static boolean isIn(Path folder) {
    return Files.exists(folder.resolve(FILE));
  }

  /** Whether two model folders have the same tokens; one without a tokenizer has the other's. */
  public static boolean isSame(Path a, Path b) throws IOException {
    return !isIn(a)
        || !isIn(b)
        || SpecialTokens.json(a.resolve(FILE)).equals(SpecialTokens.json(b.resolve(FILE)));
  }

  /** Whether the other one makes the same tokens of every prompt and response. */
  public boolean readsLike(Tokenizer other) throws IOException {
    return isSame(folder, other.folder)
        && special.begin().equals(other.special.begin())
        && endTokens().get(0).equals(other.endTokens().get(0))
        && chat.map(ChatTemplate::source).equals(other.chat.map(ChatTemplate::source));
  }

  /** The tokens that end a response, of which the first is put after one that ended. */
  public List<Integer> endTokens() {
    return special.ends();
  }

  /**
   * Copies the tokenizer's files from one model folder to another, and what the model's makers say
   * of generation. Before {@link HfCheckpoint#save}, which writes its own generation_config.json
   * where there is none.
   */
  public static void copyFiles(Path from, Path to) throws IOException {
    for (String name : FILES) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
    }
  }

  /**
   * A prompt's tokens, after the begin token if there is one, whether or not the text spells it.
   *
   * @throws IllegalArgumentException if a chat template refuses the prompt
   */
  public int[] encode(String prompt) {
    return read(rendered(prompt));
  }

  private String rendered(String prompt) {
    return prompt.isEmpty() ? prompt : chat.map(c -> c.render(prompt)).orElse(prompt);
  }

  private int[] read(String text) {
    Encoding encoding = tokenizer.encode(text, false, false);
    int[] ids = Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    return special.begin().isPresent() ? beginning(special.begin().getAsInt(), ids) : ids;
  }

  private static int[] beginning(int token, int[] ids) {
    if (ids.length > 0 && ids[0] == token) {
      return ids;
    }
    int[] all = new int[ids.length + 1];
    all[0] = token;
    System.arraycopy(ids, 0, all, 1, ids.length);
    return all;
  }

  /**
   * A prompt and the response that follows it, read as one text. A token that straddles the border
   * counts to the response.
   *
   * @param ended whether the end token follows the response
   */
  public Sequence encode(String prompt, String response, boolean ended) {
    String asked = rendered(prompt);
    int[] head = read(asked);
    int[] all = read(asked + response);
    int border = 0;
    while (border < head.length && border < all.length && head[border] == all[border]) {
      border++;
    }
    int[] tail = Arrays.copyOfRange(all, border, all.length + (ended ? 1 : 0));
    if (ended) {
      tail[tail.length - 1] = endTokens().get(0);
    }
    return new Sequence(Arrays.copyOf(all, border), tail);
  }

  /** The text of tokens, without special tokens. */
  public String decode(int[] tokens) {
    return tokenizer.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  /**
   * What each token reads as on its own, by id: without the space before it where the tokenizer
   * drops that at the beginning of a text; empty for a special token, and for an id without one.
   */
  public List<String> vocabulary(int size) {
    long[][] each =
        LongStream.range(0, size).mapToObj(id -> new long[] {id}).toArray(long[][]::new);
    return List.of(tokenizer.batchDecode(each, true));
  }

  /** The text of a response as it stands after its prompt, leading space included. */
  public String decodeResponse(int[] prompt, int[] response) {
    int[] all = Arrays.copyOf(prompt, prompt.length + response.length);
    System.arraycopy(response, 0, all, prompt.length, response.length);
    String head = decode(prompt);
    String text = decode(all);
    return text.startsWith(head) ? text.substring(head.length()) : decode(response);
  }

  @Override
  public void close() {
    tokenizer.close();
  }
}
