package rto.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import rto.chaos.Wound.Kind;

class RecoveryTest {

  @Test
  void percentileIsTheNearestRank() {
    long[] hundred = LongStream.rangeClosed(1, 100).toArray();

    assertThat(Recovery.percentile(hundred, 50)).isEqualTo(50);
    assertThat(Recovery.percentile(hundred, 95)).isEqualTo(95);
    assertThat(Recovery.percentile(new long[] {7}, 95)).isEqualTo(7);
    // Two thirds of three values are two: above, the third.
    assertThat(Recovery.percentile(new long[] {1, 2, 9}, 95)).isEqualTo(9);
  }

  @Test
  void tableHasALineForEachKindThatWasMeasured() {
    var all = List.of(new Recovery(Kind.WORKER, 1500), new Recovery(Kind.WORKER, 2500));

    assertThat(Recovery.table(all).lines()).hasSize(3).contains("| worker | 2 | 1.5 | 2.5 | 2.5 |");
  }
}
