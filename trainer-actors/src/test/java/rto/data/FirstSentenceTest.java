package rto.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class FirstSentenceTest {

  @Test
  void aSentenceEndsWithItsMark() {
    assertThat(first("Tim had a ball. It was red.")).hasValue("Tim had a ball.");
    assertThat(first("What was that? It was Tim.")).hasValue("What was that?");
    assertThat(first("What a day!\nTim ran.")).hasValue("What a day!");
    assertThat(first("Tim had a ball.")).hasValue("Tim had a ball.");
    assertThat(first("a b . c .")).hasValue("a b .");
  }

  @Test
  void spaceAroundItIsNoPartOfIt() {
    assertThat(first(" \n Tim ran. ")).hasValue("Tim ran.");
  }

  @Test
  void theQuotationMarkThatClosesItIsPartOfIt() {
    assertThat(first("\"I am Tim.\" He ran.")).hasValue("\"I am Tim.\"");
  }

  @Test
  void whatDoesNotComeToItsEndIsNone() {
    assertThat(first("Once upon a time, there was")).isEmpty();
    assertThat(first("Tim has 3.5 balls")).isEmpty();
    assertThat(first("")).isEmpty();
  }

  @Test
  void aTitleEndsNothing() {
    assertThat(first("Mr. Bear met Mrs. Fox. They ran.")).hasValue("Mr. Bear met Mrs. Fox.");
    assertThat(first("There was a cat named Mr.")).isEmpty();
  }

  private static Optional<String> first(String text) {
    return FirstSentence.of(text);
  }
}
