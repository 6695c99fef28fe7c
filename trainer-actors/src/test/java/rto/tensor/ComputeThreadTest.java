package rto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class ComputeThreadTest {

  @Test
  void workRunsOnOneNamedThreadInOrder() {
    try (ComputeThread thread = new ComputeThread("model-a")) {
      List<String> seen = new ArrayList<>();
      List<CompletableFuture<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        int n = i;
        all.add(thread.submit(() -> seen.add(Thread.currentThread().getName() + n)));
      }
      all.forEach(CompletableFuture::join);
      assertThat(seen).hasSize(10).startsWith("model-a0").endsWith("model-a9");
    }
  }

  @Test
  void failuresReachWhoeverWaitsAndTheThreadGoesOn() {
    try (ComputeThread thread = new ComputeThread("model")) {
      assertThatThrownBy(
              () ->
                  thread.call(
                      () -> {
                        throw new IllegalStateException("no");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no");
      assertThatThrownBy(
              () ->
                  thread.call(
                      () -> {
                        throw new StackOverflowError();
                      }))
          .isInstanceOf(StackOverflowError.class);
      assertThatThrownBy(
              () ->
                  thread.call(
                      () -> {
                        throw new IOException("disk");
                      }))
          .isInstanceOf(CompletionException.class)
          .hasRootCauseMessage("disk");
      float sum =
          thread.call(
              () -> {
                try (NDManager scope = Torch.newScope()) {
                  return scope.create(new float[] {1, 2}).sum().getFloat();
                }
              });
      assertThat(sum).isEqualTo(3);
    }
  }

  @Test
  void aClosedThreadRefusesWork() {
    ComputeThread thread = new ComputeThread("closed");
    thread.close();
    assertThatThrownBy(() -> thread.submit(() -> 1)).isInstanceOf(RejectedExecutionException.class);
  }
}
