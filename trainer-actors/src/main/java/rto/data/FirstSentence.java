package rto.data;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The first sentence of a text: up to a full stop, question or exclamation mark, with the quotation
 * mark that closes it, before white space or the end. A full stop after a title, as in "Mrs. Bear",
 * ends nothing.
 */
public final class FirstSentence {

  private static final Pattern SENTENCE =
      Pattern.compile(
          "\\S.*?(?:[!?]|(?<!\\b(?:Mr|Mrs|Ms|Dr))\\.)[\"'\u201d\u2019]?(?=\\s|$)", Pattern.DOTALL);

  private FirstSentence() {}

  /** The sentence without the space around it; empty if the text does not come to its end. */
  public static Optional<String> of(String text) {
    Matcher sentence = SENTENCE.matcher(text);
    return sentence.find() ? Optional.of(sentence.group()) : Optional.empty();
  }
}
