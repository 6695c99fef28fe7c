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
 * begin-of-sequence token; what a response says is read in the place where it stands, after its
 * prompt.
 */
public final class Tokenizer implements AutoCloseable {

  private static final List<String> FILES =
      List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json");

  private final HuggingFaceTokenizer tokenizer;
  private final int bosToken;
  private final int eosToken;

  private Tokenizer(HuggingFaceTokenizer tokenizer, int bosToken, int eosToken) {
    this.tokenizer = tokenizer;
    this.bosToken = bosToken;
    this.eosToken = eosToken;
  }

  /** Loads the tokenizer of a complete model folder. */
  public static Tokenizer ofModel(Path folder) throws IOException {
    DecoderConfig config = HfCheckpoint.config(folder);
    return load(folder, config.bosToken(), config.eosToken());
  }

  /** Loads the tokenizer of a model folder that may have no model yet. */
  public static Tokenizer load(Path folder, int bosToken, int eosToken) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Torch.stayOffline();
    Require.that(Files.isRegularFile(file), "tokenizer: %s (expected: a file)", file);
    Map<String, String> options =
        Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
    try {
      return new Tokenizer(HuggingFaceTokenizer.newInstance(file, options), bosToken, eosToken);
    } catch (RuntimeException e) {
      throw new MalformedFile(file, e.getMessage());
    }
  }

  /** The token that ends a response. */
  public int eosToken() {
    return eosToken;
  }

  /** Copies the tokenizer's files from one model folder to another. */
  public static void copyFiles(Path from, Path to) throws IOException {
    for (String name : FILES) {
      if (Files.exists(from.resolve(name))) {
        Files.copy(from.resolve(name), to.resolve(name));
      }
    }
  }

  /** A text's tokens, begin-of-sequence first, whether or not the text spells it. */
  public int[] encode(String text) {
    Encoding encoding = tokenizer.encode(text, false, false);
    int[] ids = Arrays.stream(encoding.getIds()).mapToInt(Math::toIntExact).toArray();
    if (ids.length > 0 && ids[0] == bosToken) {
      return ids;
    }
    int[] withBos = new int[ids.length + 1];
    withBos[0] = bosToken;
    System.arraycopy(ids, 0, withBos, 1, ids.length);
    return withBos;
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
      tail[tail.length - 1] = eosToken;
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
