package rto.node.compare;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;
import rto.metrics.Progress;
import rto.node.compare.Jobs.Job;

class JobsTest {

  @Test
  void aFailureNamesItsJob() {
    assertThatThrownBy(() -> fail(new IllegalArgumentException("gamma: 2 (expected: <= 1)")))
        .hasMessage("ppo of seed 3: gamma: 2 (expected: <= 1)");
    assertThatThrownBy(() -> fail(new NoSuchFileException("model.safetensors")))
        .hasMessage("ppo of seed 3: java.nio.file.NoSuchFileException: model.safetensors");
  }

  private static void fail(Exception failure) throws Exception {
    try (Jobs jobs = new Jobs(1, Progress.silent(), 1)) {
      jobs.run(
          List.of(
              new Job<>(
                  "ppo of seed 3",
                  () -> {
                    throw failure;
                  })));
    }
  }
}
