package rto.lm.io;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
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

  private static final List<String> FILES =
      List.of(
          "tokenizer.json",
          SpecialTokens.CONFIG,
          SpecialTokens.MAP,
          "added_tokens.json",
          "vocab.json",
          "merges.txt",
          "tokenizer.model");

  private final HuggingFaceTokenizer tokenizer;
  private final SpecialTokens special;

  private Tokenizer(HuggingFaceTokenizer tokenizer, SpecialTokens special) {
    this.tokenizer = tokenizer;
    this.special = special;
  }

  /** Loads the tokenizer of a complete model folder. */
  public static Tokenizer ofModel(Path folder) throws IOException {
    return load(folder, HfCheckpoint.config(folder));
  }

  /** Loads the tokenizer of a folder that may not have its model yet. */
  public static Tokenizer load(Path folder, DecoderConfig model) throws IOException {
    HuggingFaceTokenizer tokenizer = open(folder.resolve("tokenizer.json"));
    try {
      return new Tokenizer(tokenizer, SpecialTokens.read(folder, tokenizer, model));
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

  /** The tokens that end a response, of which the first is put after one that ended. */
  public List<Integer> endTokens() {
    return special.ends();
  }

  /** Copies the tokenizer's files from one model folder to another. */
  public static void copyFiles(Path from, Path to) throws IOException {
    for (String name : FILES) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
    }
  }

  /** A text's tokens, after the begin token if there is one, whether or not the text spells it. */
  public int[] encode(String text) {
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
    int[] head = encode(prompt);
    int[] all = encode(prompt + response);
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
