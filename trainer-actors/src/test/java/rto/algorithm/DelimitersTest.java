package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import rto.algorithm.Delimiters.SentenceEnds;
import rto.algorithm.Delimiters.Tokens;

class DelimitersTest {

  /** Special tokens have no text. */
  private static final List<String> VOCABULARY =
      List.of("", "", "the", ".", " .", ",", "!", "\n", " end.", "?!", ";)");

  @Test
  void sentenceEndsAreTheTokensWhoseTextEndsASentence() {
    assertThat(new SentenceEnds().among(VOCABULARY)).containsExactlyInAnyOrder(3, 4, 6, 7, 8, 9);
  }

  @ParameterizedTest
  @ValueSource(strings = {".", "!", "?", "…", "。", "\n", ".\n", " !", "...", ".\"", "end.”", "?)"})
  void aTextThatEndsASentence(String text) {
    assertThat(new SentenceEnds().among(List.of("a", text))).containsExactly(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ",", ";", ".5", "the", "\"", "\nThe", ".,", "\uFFFD"})
  void aTextThatDoesNot(String text) {
    assertThat(new SentenceEnds().among(List.of(".", text))).containsExactly(0);
  }

  @Test
  void aTokenizerWithoutSentenceEndsIsToldSo() {
    assertThatThrownBy(() -> new SentenceEnds().among(List.of("a", "b")))
        .hasMessage(
            "delimiters: sentence-ends (expected: tokens, since none of the tokenizer's 2 ends a"
                + " sentence)");
  }

  @Test
  void aTextIsEveryTokenThatReadsSoWithOrWithoutASpace() {
    assertThat(new Tokens(List.of(".", " , ")).among(VOCABULARY))
        .containsExactlyInAnyOrder(3, 4, 5);
    assertThat(new Tokens(List.of("\n")).among(VOCABULARY)).containsExactly(7);
  }

  @Test
  void aTextThatIsNoTokenIsNamedWithNearOnes() {
    assertThatThrownBy(() -> new Tokens(List.of(".", ";")).among(VOCABULARY))
        .hasMessage("delimiters.tokens: \";\" (expected: one token of the tokenizer, like \";)\")");
    // made of tokens it holds, the shortest first
    assertThatThrownBy(() -> new Tokens(List.of("the.")).among(VOCABULARY))
        .hasMessageEndingWith("like \".\", \"the\")");
    // nothing near: what ends a sentence
    assertThatThrownBy(() -> new Tokens(List.of("§")).among(VOCABULARY))
        .hasMessageEndingWith("like \".\", \"!\", \"\\n\", \"?!\", \"end.\")");
  }

  @Test
  void noTextIsNoDelimiter() {
    assertThatThrownBy(() -> new Tokens(List.of()))
        .hasMessage("tokens: none (expected: at least one, like \".\")");
    assertThatThrownBy(() -> new Tokens(List.of(" ")))
        .hasMessage("tokens: \" \" (expected: a text)");
  }
}
