package rto.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import rto.lm.ComputeType;
import rto.lm.Head;

/**
 * By hand: the matrices of the one layer are q 4x4, k 2x4, v 2x4, o 4x4, gate 6x4, up 6x4, down
 * 4x6, 120 numbers; the head has 10x4. Three norms of 4 and the embedding of 40 make 172 with them.
 */
class WorkTest {

  @Test
  void theBodyCountsForEveryTokenAndTheHeadWhereItIsRead() {
    Work work = new Work(Small.config(false));
    assertThat(work.multiplied()).isEqualTo(160);
    assertThat(work.forward(3, 2)).isEqualTo(2 * (120 * 3 + 40 * 2));
    assertThat(work.training(3, 2)).isEqualTo(6 * (120 * 3 + 40 * 2));
  }

  @Test
  void aScalarHeadIsOneRow() {
    assertThat(new Work(Small.config(true).withHead(Head.Scalar.raw())).multiplied())
        .isEqualTo(124);
  }

  @Test
  void matricesOfOneSizeAreCountedTogether() {
    assertThat(new Work(Small.config(true)).matrices())
        .isEqualTo(
            Map.of(
                new Work.Size(4, 4), 2,
                new Work.Size(2, 4), 2,
                new Work.Size(6, 4), 2,
                new Work.Size(4, 6), 1,
                new Work.Size(10, 4), 1));
  }

  @Test
  void anEmbeddingIsReadOnlyIfItIsTheHeadToo() {
    assertThat(Work.bytesRead(Small.config(true), ComputeType.FLOAT32)).isEqualTo(4 * 172);
    assertThat(Work.bytesRead(Small.config(false), ComputeType.BFLOAT16)).isEqualTo(2 * 172);
    assertThat(Small.config(false).parameters()).isEqualTo(172 + 40);
  }
}
