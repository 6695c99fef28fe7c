package rto.lm.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What each token of a response adds to the text before it, for people to read. */
public final class TokenTexts {

  /** What a tokenizer decodes a character to of which bytes are missing. */
  private static final String INCOMPLETE = "\uFFFD";

  private static final String END = " ⏎";

  private TokenTexts() {}

  /**
   * One text per token, leading space included. The whole character stands with the token that
   * brings its last byte, and the tokens of its other bytes have no text; bytes that never become a
   * character are shown at the next token that is read, or at the last. The end token is {@code ⏎}.
   */
  public static List<String> of(Tokenizer tokenizer, int[] prompt, int[] response) {
    List<String> texts = new ArrayList<>(response.length);
    String shown = "";
    for (int h = 0; h < response.length; h++) {
      boolean last = h + 1 == response.length;
      String text = tokenizer.decodeResponse(prompt, Arrays.copyOf(response, h + 1));
      String added = "";
      if (last || !text.endsWith(INCOMPLETE)) {
        added = text.substring(commonPrefix(shown, text));
        shown = text;
      }
      texts.add(tokenizer.endTokens().contains(response[h]) ? added + END : added);
    }
    return texts;
  }

  private static int commonPrefix(String a, String b) {
    int mismatch = Arrays.mismatch(a.toCharArray(), b.toCharArray());
    return mismatch < 0 ? a.length() : mismatch;
  }
}
