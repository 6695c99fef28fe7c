package rto.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import rto.bench.Agreement;
import rto.bench.BenchReport;
import rto.bench.Calibration;
import rto.bench.Clock;
import rto.bench.Comparison;
import rto.bench.EagerReport;
import rto.bench.Machine;
import rto.bench.MatmulPath;
import rto.bench.Measurement;
import rto.bench.Rate;
import rto.bench.ShapeReport;
import rto.bench.Spread;
import rto.lm.ComputeType;
import rto.lm.Kernels;

/** 600 tokens in 2, 3 and 4 seconds, where 1.5 would do: 200 a second of 400, a half. */
class BenchPagesTest {

  private static final BenchReport REPORT =
      new BenchReport(
          new Machine(
              "Made-up 9000",
              "cpu",
              2,
              1,
              2,
              Clock.ELAPSED,
              "2.7.1",
              "17",
              "Linux",
              "2026-01-02T03:04:05Z"),
          List.of(
              new ShapeReport(
                  "15M",
                  15_191_712,
                  15_187_968,
                  Kernels.ROWS,
                  ComputeType.FLOAT32,
                  64,
                  250e-6,
                  new Calibration(
                      Arrays.stream(MatmulPath.values())
                          .map(path -> new Rate(path, 1024, Spread.of(2.5e11)))
                          .toList(),
                      Spread.of(41e9),
                      Spread.of(73e9),
                      Spread.of(5.5e-6),
                      Spread.of(1.9e-6),
                      Spread.of(0.6e-6)),
                  List.of(
                      new Measurement("update", 600, Spread.of(2, 3, 4), 1.5, 1 << 28, 1 << 29)),
                  new EagerReport(
                      40,
                      List.of(
                          new Comparison(
                              "sampling", 600, Spread.of(2), Spread.of(10), Spread.of(5))),
                      List.of(new Agreement("gradients", 2e-6, 1e-4))))));

  @Test
  void theTableTellsRatesBoundsAndShares() {
    assertThat(BenchText.of(REPORT))
        .contains("Made-up 9000, 2 cores", "2 compute threads with 1 intra-op threads each")
        .contains("15M: 15,191,712 parameters, P = 15,187,968 multiplied, kernels rows, float32")
        .containsPattern("1024 rows +250 +250 +250 +250 +250")
        .contains(
            "memory 41.0 GB/s by one thread, 73.0 by all; a call 5.5 us, in it a product 1.9 us")
        .containsPattern("update +200 +150 \\.\\. 300 +400 +50 % +3.000 +256 +512")
        .contains("a decoding step of one sequence cannot take less than 250 us")
        .contains("beside plain float32 eager execution", "40.0 tokens a response")
        .containsPattern("sampling +300 +60.0 +5.00 +5.00 \\.\\. 5.00")
        .containsPattern("gradients +2.0e-06 +1.0e-04");
  }

  @Test
  void theFileHoldsEverythingAndWhatFollowsFromIt() throws IOException {
    JsonNode json = new ObjectMapper().readTree(BenchJson.of(REPORT));
    assertThat(json.at("/machine/processor").asText()).isEqualTo("Made-up 9000");
    assertThat(json.at("/shapes/0/calibration/rates/0/flops/median").asDouble()).isEqualTo(2.5e11);
    assertThat(json.at("/shapes/0/type").asText()).isEqualTo("FLOAT32");
    JsonNode update = json.at("/shapes/0/measurements/0");
    assertThat(update.at("/seconds/max").asDouble()).isEqualTo(4);
    assertThat(update.at("/tokensPerSecond/max").asDouble()).isEqualTo(300);
    assertThat(update.at("/bound").asDouble()).isEqualTo(400);
    assertThat(update.at("/share/median").asDouble()).isEqualTo(0.5);
  }
}
