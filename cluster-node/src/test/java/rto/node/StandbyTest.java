package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import rto.node.cluster.Rooms;
import rto.run.TrainingRun;

class StandbyTest {

  private static final String CONFIG = "{}";

  private final List<String> closed = new ArrayList<>();

  private record Learner(String run, List<String> closed) implements Standby.Prepared {
    @Override
    public void close() {
      closed.add(run);
    }
  }

  private Standby<Learner> standby(Standby.Preparation<Learner> preparation) {
    return new Standby<>(preparation, run -> TrainingRun.PERSISTENCE_ID);
  }

  private final Standby<Learner> standby = standby((run, config) -> new Learner(run, closed));

  @Test
  void preparedRunIsTakenOnceAndIsItsTakersToClose() throws Exception {
    Rooms rooms = standby.load("a", CONFIG);
    assertThat(standby.isFor("a", CONFIG)).isTrue();

    assertThat(standby.take("a", CONFIG)).map(Learner::run).contains("a");
    assertThat(standby.take("a", CONFIG)).isEmpty();
    rooms.close();
    assertThat(closed).isEmpty();
  }

  @Test
  void preparedRunIsDroppedWhenItsRoomsAreVacatedBeforeAnotherOneIsPrepared() throws Exception {
    standby.load("a", CONFIG).close();
    assertThat(closed).containsExactly("a");

    standby.load("b", CONFIG);
    assertThat(standby.isFor("a", CONFIG)).isFalse();
    assertThat(standby.take("b", CONFIG)).map(Learner::run).contains("b");
  }

  @Test
  void runThatFollowsDropsTheOneBeforeAlsoWhenItsRoomsAreVacatedLater() throws Exception {
    Rooms rooms = standby.load("a", CONFIG);
    standby.load("b", CONFIG);
    assertThat(closed).containsExactly("a");

    rooms.close();
    assertThat(closed).containsExactly("a");
    assertThat(standby.take("b", CONFIG)).map(Learner::run).contains("b");
  }

  @Test
  void whoTakesAnotherRunOrOtherSettingsDropsWhatWasPrepared() throws Exception {
    standby.load("a", CONFIG);

    assertThat(standby.take("a", "{\"seed\":2}")).isEmpty();
    assertThat(closed).containsExactly("a");
  }

  @Test
  void nodeThatHasTheDeskPreparesNothing() throws Exception {
    standby.take("a", CONFIG);

    standby.load("a", CONFIG).close();
    assertThat(standby.isFor("a", CONFIG)).isFalse();
    assertThat(closed).isEmpty();
  }

  @Test
  void runThatIsBeingPreparedIsWaitedFor() throws Exception {
    var begun = new CountDownLatch(1);
    var mayEnd = new CountDownLatch(1);
    Standby<Learner> slow =
        standby(
            (run, config) -> {
              begun.countDown();
              mayEnd.await();
              return new Learner(run, closed);
            });
    var loading = new Thread(() -> assertThat(catching(slow)).isEmpty());
    loading.start();
    begun.await();

    var taken = CompletableFuture.supplyAsync(() -> slow.take("a", CONFIG));
    assertThat(taken).isNotDone();
    mayEnd.countDown();
    assertThat(taken.get()).map(Learner::run).contains("a");
    loading.join();
  }

  private static Optional<Exception> catching(Standby<Learner> standby) {
    try {
      standby.load("a", CONFIG);
      return Optional.empty();
    } catch (Exception failure) {
      return Optional.of(failure);
    }
  }

  @Test
  void runThatCannotBePreparedIsMadeWithoutPreparation() {
    Standby<Learner> broken =
        standby(
            (run, config) -> {
              throw new IllegalStateException("base: no such folder");
            });

    assertThatThrownBy(() -> broken.load("a", CONFIG)).hasMessage("base: no such folder");
    assertThat(broken.isFor("a", CONFIG)).isFalse();
    assertThat(broken.take("a", CONFIG)).isEmpty();
  }
}
