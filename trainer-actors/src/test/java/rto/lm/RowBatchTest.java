package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.tensor.Torch;

class RowBatchTest {

  private static final List<Sequence> TWO =
      List.of(
          new Sequence(new int[] {1, 7}, new int[] {8, 9}),
          new Sequence(new int[] {1}, new int[] {5}));

  /**
   *
   *
   * <pre>
   *   rows    0  1  2 | 3        grid  0  1  2
   *   tokens  1  7  8 | 1              3  3  3
   * </pre>
   */
  @Test
  void sequencesStandEndToEndAndAttentionSeesThemInAGrid() {
    try (NDManager scope = Torch.newScope()) {
      RowBatch batch = RowBatch.of(TWO, Read.EVERY_TOKEN, scope);
      assertThat(batch.tokens().toLongArray()).containsExactly(1, 7, 8, 1);
      assertThat(batch.grid().getShape().getShape()).containsExactly(2, 3);
      assertThat(batch.grid().toLongArray()).containsExactly(0, 1, 2, 3, 3, 3);
      assertThat(batch.places().toLongArray()).containsExactly(0, 1, 2, 3);
      assertThat(batch.index().toLongArray()).containsExactly(1, 2, 3);
      assertThat(batch.targets().toLongArray()).containsExactly(8, 9, 5);
    }
  }

  @Test
  void theLastTokenIsReadAtItsRow() {
    try (NDManager scope = Torch.newScope()) {
      RowBatch batch = RowBatch.of(TWO, Read.LAST_TOKEN, scope);
      assertThat(batch.tokens().toLongArray()).containsExactly(1, 7, 8, 9, 1, 5);
      assertThat(batch.index().toLongArray()).containsExactly(3, 5);
    }
  }

  /**
   * Prompts of 5 to 60 tokens, responses of 5 to 200, log-normal around 60; minibatches of 64 in
   * micro-batches of 8, sorted by length as every stage cuts them. Products, norms and head see no
   * padding at all, nor the last tokens, after which nothing is read; the grid of attention alone
   * has some.
   */
  @Test
  void aRealisticMixOfLengthsIsHardlyPadded() {
    Random random = new Random(1);
    long tokens = 0;
    long rows = 0;
    long grid = 0;
    for (int minibatch = 0; minibatch < 20; minibatch++) {
      List<Sequence> sequences = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        int response = (int) Math.round(60 * Math.exp(0.6 * random.nextGaussian()));
        int[] prompt = new int[5 + random.nextInt(56)];
        sequences.add(new Sequence(prompt, new int[Math.max(5, Math.min(200, response))]));
      }
      sequences.sort(Comparator.comparingInt(Sequence::length));
      for (int from = 0; from < sequences.size(); from += 8) {
        try (NDManager scope = Torch.newScope()) {
          List<Sequence> micro = sequences.subList(from, from + 8);
          RowBatch batch = RowBatch.of(micro, Read.EVERY_TOKEN, scope);
          tokens += micro.stream().mapToInt(each -> each.length() - 1).sum();
          rows += batch.tokens().size();
          grid += batch.grid().size();
        }
      }
    }
    assertThat(rows).isEqualTo(tokens);
    assertThat((double) (grid - rows) / grid).isLessThan(0.15);
  }
}
