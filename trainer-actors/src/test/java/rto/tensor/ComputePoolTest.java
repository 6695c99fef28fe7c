package rto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ComputePoolTest {

  @Test
  void resultsComeInTheOrderOfThePieces() {
    try (ComputePool pool = new ComputePool("test", 3)) {
      CountDownLatch last = new CountDownLatch(1);
      List<Callable<Integer>> pieces = new ArrayList<>();
      pieces.add(
          () -> {
            last.await(); // the first piece ends after the third
            return 0;
          });
      pieces.add(() -> 1);
      pieces.add(
          () -> {
            last.countDown();
            return 2;
          });
      assertThat(pool.map(pieces)).containsExactly(0, 1, 2);
    }
  }

  @Test
  void onlyAFewPiecesAreInWorkOrWaiting() {
    try (ComputePool pool = new ComputePool("test", 2)) {
      AtomicInteger open = new AtomicInteger();
      List<Callable<Integer>> pieces =
          IntStream.range(0, 40).<Callable<Integer>>mapToObj(i -> open::incrementAndGet).toList();
      pool.forEachInOrder(pieces, piece -> assertThat(open.getAndDecrement()).isBetween(1, 4));
    }
  }

  @Test
  void aFailureIsHandedOnOnlyWhenNothingIsInWorkAnyMore() {
    try (ComputePool pool = new ComputePool("test", 2)) {
      CountDownLatch bothStarted = new CountDownLatch(2);
      AtomicInteger finished = new AtomicInteger();
      Callable<Integer> fails =
          () -> {
            bothStarted.countDown();
            bothStarted.await();
            throw new IllegalStateException("first piece");
          };
      Callable<Integer> slow =
          () -> {
            bothStarted.countDown();
            bothStarted.await();
            for (int i = 0; i < 1000; i++) {
              Thread.yield();
            }
            return finished.incrementAndGet();
          };
      assertThatThrownBy(() -> pool.map(List.of(fails, slow, slow)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("first piece");
      assertThat(finished).hasValue(2);
    }
  }
}
