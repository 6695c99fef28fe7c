package rto.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import rto.lm.Decoder;
import rto.lm.TextGenerator;
import rto.lm.Weights;
import rto.tensor.ComputePool;

/** That the measured work runs; how long it takes is nobody's business here. */
class BenchTest {

  private static final int THREADS = 2;

  @Test
  void iterationsFollowOneAnother() throws IOException {
    try (ComputePool pool = new ComputePool("test", THREADS);
        Iteration iteration =
            new Iteration(Small.shape(), new Crew(pool, THREADS, Clock.ELAPSED))) {
      iteration.run();
      Iteration.Times times = iteration.run();
      assertThat(times.all()).isPositive();
      // 32 responses for each thread, two to a prompt of 3 to 6 tokens.
      assertThat(iteration.size().responses()).isEqualTo(2 * 32 * Small.NEW);
      assertThat(iteration.size().prompts()).isBetween(32 * 3L, 32 * 6L);
    }
  }

  @Test
  void decodingCountsWhatItSamples() {
    try (ComputePool pool = new ComputePool("test", THREADS);
        Decoder policy = new Decoder(Small.config(true), Weights.random(Small.config(true), 1));
        TextGenerator generator = new TextGenerator(policy, 3)) {
      Decoding decoding = new Decoding(generator, new Crew(pool, THREADS, Clock.PROCESSOR), 2, 3);
      assertThat(decoding.run()).isPositive();
      assertThat(decoding.tokens()).isEqualTo(2 * 3 * 128);
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyPathMultiplies(MatmulPath path) {
    try (ComputePool pool = new ComputePool("test", THREADS)) {
      Calibrator calibrator = new Calibrator(new Crew(pool, THREADS, Clock.ELAPSED), 1);
      assertThat(calibrator.rate(new Work(Small.config(true)), path, 8)).isPositive();
    }
  }

  @Test
  void anUnknownShapeIsRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> BenchShape.named("7B"))
        .withMessage("shape: 7B (expected: one of [260K, 15M, 110M])");
  }

  /** 260,032 is the real checkpoint's; the others are those of llama2.c's stories models. */
  @Test
  void theShapesHaveTheParametersOfTheirNames() {
    assertThat(BenchShape.named("260K").config().parameters()).isEqualTo(260_032);
    assertThat(BenchShape.named("15M").config().parameters()).isEqualTo(15_191_712);
    assertThat(BenchShape.named("110M").config().parameters()).isEqualTo(109_529_856);
  }
}
