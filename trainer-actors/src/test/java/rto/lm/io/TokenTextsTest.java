package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.lm.DecoderConfig;
import rto.lm.Head;

class TokenTextsTest {

  private static final int BOS = 1;
  private static final int EOS = 2;
  private static final DecoderConfig MODEL =
      new DecoderConfig(
          512, 16, 24, 2, 4, 2, 4, 1e-5, 10_000, 48, BOS, EOS, new Head.Language(true));

  /** Byte 0xE2 is token FIRST_BYTE + 0xE2. */
  private static final int FIRST_BYTE = 3;

  private static final int A = 259;
  private static final int SPACED_B = 260;
  private static final int[] PROMPT = {BOS, A};

  /** All bytes, {@code a} and {@code ▁b}, decoded as Llama's tokenizer does. */
  private static final String BYTE_FALLBACK =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [
        {"id": 0, "content": "<unk>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true},
        {"id": 1, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true},
        {"id": 2, "content": "</s>", "single_word": false, "lstrip": false, "rstrip": false,
         "normalized": false, "special": true}],
       "normalizer": null, "pre_tokenizer": null, "post_processor": null,
       "decoder": {"type": "Sequence", "decoders": [
         {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
         {"type": "ByteFallback"}, {"type": "Fuse"}]},
       "model": {"type": "BPE", "unk_token": "<unk>", "byte_fallback": true,
         "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, %s, "a": 259, "▁b": 260}, "merges": []}}
      """
          .formatted(
              IntStream.range(0, 256)
                  .mapToObj(b -> "\"<0x%02X>\": %d".formatted(b, FIRST_BYTE + b))
                  .collect(Collectors.joining(", ")));

  @TempDir Path folder;
  private Tokenizer tokenizer;

  @BeforeEach
  void load() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), BYTE_FALLBACK);
    tokenizer = Tokenizer.load(folder, MODEL);
  }

  @AfterEach
  void close() {
    tokenizer.close();
  }

  @Test
  void aTokenAddsItsTextWithTheSpaceBeforeIt() {
    assertThat(texts(A, SPACED_B, EOS)).containsExactly("a", " b", " ⏎");
  }

  @Test
  void aCharacterStandsWithItsLastByte() {
    assertThat(texts(A, b(0xE2), b(0x82), b(0xAC), SPACED_B))
        .containsExactly("a", "", "", "€", " b");
    assertThat(texts(b(0xF0), b(0x9F), b(0x98), b(0x80), EOS))
        .containsExactly("", "", "", "😀", " ⏎");
  }

  @Test
  void textMayGetShorterWhenBytesBecomeACharacter() {
    // A plain byte before it: the run of bytes cannot be read until the last one is there.
    assertThat(texts(b('x'), b(0xE2), b(0x82), b(0xAC), b('y')))
        .containsExactly("x", "", "", "€", "y");
  }

  @Test
  void bytesThatNeverBecomeACharacterAreShownOnce() {
    assertThat(texts(b(0xE2), SPACED_B)).containsExactly("", "\uFFFD b");
    assertThat(texts(A, b(0xE2), b(0x82))).containsExactly("a", "", "\uFFFD\uFFFD");
    assertThat(texts(A, b(0xE2), EOS)).containsExactly("a", "", "\uFFFD ⏎");
  }

  private List<String> texts(int... response) {
    return TokenTexts.of(tokenizer, PROMPT, response);
  }

  private static int b(int value) {
    return FIRST_BYTE + value;
  }
}
