package rto.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TokenWeightsTest {

  @Test
  void sequenceMeanGivesEveryResponseTheSameSay() {
    // two responses: 1/2 each, over 1 and 4 tokens
    assertThat(TokenWeights.SEQUENCE_MEAN.of(new int[] {1, 4}))
        .containsExactly(0.5f, 0.125f, 0.125f, 0.125f, 0.125f);
  }

  @Test
  void tokenMeanGivesEveryTokenTheSameSay() {
    assertThat(TokenWeights.TOKEN_MEAN.of(new int[] {1, 3}))
        .containsExactly(0.25f, 0.25f, 0.25f, 0.25f);
  }

  @Property(tries = 100)
  void weightedSumIsTheMeanOfMeans(
      @ForAll @Size(min = 1, max = 20) List<@IntRange(min = 1, max = 50) Integer> responses) {
    int[] lengths = responses.stream().mapToInt(Integer::intValue).toArray();
    double meanOfMeans = 0;
    double weighted = 0;
    float[] weights = TokenWeights.SEQUENCE_MEAN.of(lengths);
    int token = 0;
    for (int length : lengths) {
      double sum = 0;
      for (int h = 0; h < length; h++) {
        double loss = Math.sin(token);
        sum += loss;
        weighted += weights[token++] * loss;
      }
      meanOfMeans += sum / length / lengths.length;
    }
    assertThat(weighted).isCloseTo(meanOfMeans, within(1e-6));
    assertThat(Scored.sum(weights)).isCloseTo(1, within(1e-6));
    assertThat(Scored.sum(TokenWeights.TOKEN_MEAN.of(lengths))).isCloseTo(1, within(1e-5));
  }

  @Test
  void emptyResponsesAreRefused() {
    assertThatThrownBy(() -> TokenWeights.TOKEN_MEAN.of(new int[] {2, 0}))
        .hasMessage("response length: 0 (expected: > 0)");
    assertThatThrownBy(() -> TokenWeights.TOKEN_MEAN.of(new int[0]))
        .hasMessage("batch: no responses (expected: at least one)");
  }
}
