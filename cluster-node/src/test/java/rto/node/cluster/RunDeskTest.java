package rto.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.FishingOutcomes;
import akka.actor.testkit.typed.javadsl.TestProbe;
import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.Behaviors;
import akka.persistence.testkit.PersistenceTestKitPlugin;
import akka.persistence.testkit.PersistenceTestKitSnapshotPlugin;
import akka.persistence.testkit.javadsl.PersistenceTestKit;
import akka.persistence.testkit.javadsl.SnapshotTestKit;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import rto.metrics.Progress;
import rto.protocol.DeskEvent.How;
import rto.protocol.DeskMessage;
import rto.protocol.DeskMessage.AskDesk;
import rto.protocol.DeskMessage.StopRun;
import rto.protocol.DeskMessage.SubmitRun;
import rto.protocol.DeskReply;
import rto.protocol.DeskStatus;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.Pause;

/** The desk, with runs that a test makes by hand. */
class RunDeskTest {

  /** A run being made: its thread waits here for what the test lets it do. */
  private record Made(
      String run, RunMaker.Brains brains, Progress progress, CompletableFuture<String> result) {}

  private final ActorTestKit kit =
      ActorTestKit.create(
          PersistenceTestKitPlugin.config()
              .withFallback(PersistenceTestKitSnapshotPlugin.config()));
  private final LinkedBlockingQueue<Made> begun = new LinkedBlockingQueue<>();
  private final TestProbe<DeskReply> user = kit.createTestProbe();
  private final TestProbe<DeskStatus> node = kit.createTestProbe();
  private ActorRef<Object> desk;

  @BeforeEach
  void open() {
    PersistenceTestKit.create(kit.system()).clearAll();
    desk = kit.spawn(RunDesk.create(this::make));
  }

  @AfterEach
  void close() {
    kit.shutdownTestKit();
  }

  private String make(String run, String config, RunMaker.Brains brains, Progress progress)
      throws Exception {
    var made = new Made(run, brains, progress, new CompletableFuture<>());
    begun.add(made);
    try {
      return made.result().get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw (Exception) e.getCause();
    }
  }

  @Test
  void everyMessageThatTheDeskCanBeSentHasAHandler() {
    List<DeskMessage> messages =
        List.of(
            new SubmitRun("a", "{}", user.getRef()),
            new StopRun(user.getRef()),
            new AskDesk(node.getRef()));

    messages.forEach(desk::tell);

    assertThat(user.receiveMessage()).isEqualTo(new DeskReply(true, "run a begins"));
    assertThat(user.receiveMessage()).isEqualTo(new DeskReply(true, "the run stops"));
    assertThat(node.receiveMessage().run()).isEqualTo("a");
    assertThat(messages.stream().<Class<?>>map(Object::getClass))
        .containsExactlyInAnyOrder(DeskMessage.class.getPermittedSubclasses());
  }

  @Test
  void oneRunAtATimeAndTheSameOneTwiceIsOne() throws Exception {
    submit("a");
    desk.tell(new SubmitRun("a", "{}", user.getRef()));
    assertThat(user.receiveMessage()).isEqualTo(new DeskReply(true, "run a is on"));
    desk.tell(new SubmitRun("b", "{}", user.getRef()));
    assertThat(user.receiveMessage()).isEqualTo(new DeskReply(false, "run a is on already"));
    assertThat(begun).isEmpty();
  }

  @Test
  void deskTellsTheStageInWorkAndNoBrainUntilThereIsOne() throws Exception {
    Made a = submit("a");
    a.progress().begin("base", "steps", 40).step(3, Map.of());

    DeskStatus status = status();

    assertThat(status.stage()).isEqualTo(new DeskStatus.Stage("base", "steps", 3, 40));
    assertThat(status.brain()).isEmpty();
  }

  @Test
  void whatIsForTheRunReachesItsBrain() throws Exception {
    Made a = submit("a");
    TestProbe<RunMessage> brain = brainOf(a);

    desk.tell(new Pause());

    brain.fishForMessage(
        Duration.ofSeconds(5),
        message ->
            message instanceof Pause
                ? FishingOutcomes.complete()
                : FishingOutcomes.continueAndIgnore());
  }

  @Test
  void finishedAndFailedRunsLeaveTheDeskFree() throws Exception {
    submit("a").result().complete("all well");
    awaitOver(How.FINISHED, "all well");

    submit("b").result().completeExceptionally(new IllegalStateException("disk full"));
    awaitOver(How.FAILED, "disk full");

    assertThat(status().isOn()).isFalse();
  }

  @Test
  void brainOfARunThatIsOverIsNobodysThoughItTakesItsTimeToStop() throws Exception {
    var mayStop = new CountDownLatch(1);
    Made a = submit("a");
    a.brains().start(stoppingAfter(mayStop), new CompletableFuture<>());
    awaitBrain();
    a.result().complete("all well");
    awaitOver(How.FINISHED, "all well");
    assertThat(status().brain()).as("rooms would load a run without a name").isEmpty();

    var end = new CompletableFuture<>();
    submit("b").brains().start(Behaviors.ignore(), end);
    String brain = awaitBrain();
    mayStop.countDown();

    node.expectNoMessage(Duration.ofMillis(200));
    assertThat(status().brain()).isEqualTo(brain);
    assertThat(end).isNotDone();
  }

  private static Behavior<RunMessage> stoppingAfter(CountDownLatch latch) {
    return Behaviors.receive(RunMessage.class)
        .onSignal(
            PostStop.class,
            stopped -> {
              latch.await(10, TimeUnit.SECONDS);
              return Behaviors.same();
            })
        .onAnyMessage(message -> Behaviors.same())
        .build();
  }

  @Test
  void stoppedRunEndsAndGoesOnWhenItIsSubmittedAgain() throws Exception {
    Made a = submit("a");
    var end = new CompletableFuture<>();
    a.brains().start(Behaviors.ignore(), end);
    end.whenComplete((nothing, stopped) -> a.result().completeExceptionally(stopped));
    awaitBrain();

    desk.tell(new StopRun(user.getRef()));

    assertThat(user.receiveMessage().accepted()).isTrue();
    awaitOver(How.STOPPED, "its brain was stopped");
    assertThat(submit("a").run()).isEqualTo("a");
  }

  @Test
  void deskOnAnotherNodeGoesOnWithTheRun() throws Exception {
    submit("a");
    kit.stop(desk);

    desk = kit.spawn(RunDesk.create(this::make));

    assertThat(begun.poll(5, TimeUnit.SECONDS).run()).isEqualTo("a");
    assertThat(status().run()).isEqualTo("a");
  }

  @Test
  void journalDoesNotGrowWithTheRunsAndTheDeskStillKnowsTheLastOne() throws Exception {
    var journal = PersistenceTestKit.create(kit.system());
    for (int run = 0; run < 40; run++) {
      submit("run-" + run).result().complete("well " + run);
      awaitOver(How.FINISHED, "well " + run);
    }
    submit("on");

    // Two events per run; at most two spans of ten stay.
    assertThat(journal.persistedInStorage("run-desk")).hasSizeLessThanOrEqualTo(20);
    assertThat(SnapshotTestKit.create(kit.system()).persistedInStorage("run-desk"))
        .hasSizeLessThanOrEqualTo(2);

    kit.stop(desk);
    desk = kit.spawn(RunDesk.create(this::make));

    assertThat(begun.poll(5, TimeUnit.SECONDS).run()).isEqualTo("on");
    assertThat(status().last().orElseThrow().text()).isEqualTo("well 39");
  }

  @Test
  void everyBrainHasAnotherName() throws Exception {
    Made a = submit("a");
    a.brains().start(Behaviors.ignore(), new CompletableFuture<>());
    String first = awaitBrain();
    kit.stop(desk);
    desk = kit.spawn(RunDesk.create(this::make));
    begun.poll(5, TimeUnit.SECONDS).brains().start(Behaviors.ignore(), new CompletableFuture<>());

    assertThat(awaitBrain()).isNotEqualTo(first);
  }

  private Made submit(String run) throws Exception {
    desk.tell(new SubmitRun(run, "{}", user.getRef()));
    assertThat(user.receiveMessage()).isEqualTo(new DeskReply(true, "run " + run + " begins"));
    return begun.poll(5, TimeUnit.SECONDS);
  }

  private TestProbe<RunMessage> brainOf(Made made) {
    TestProbe<RunMessage> probe = kit.createTestProbe();
    made.brains()
        .start(
            Behaviors.monitor(RunMessage.class, probe.getRef(), Behaviors.ignore()),
            new CompletableFuture<>());
    awaitBrain();
    return probe;
  }

  private String awaitBrain() {
    return node.awaitAssert(
        () -> {
          String brain = status().brain();
          assertThat(brain).isNotEmpty();
          return brain;
        });
  }

  private void awaitOver(How how, String text) {
    node.awaitAssert(
        () -> {
          assertThat(Stream.of(status().last().orElseThrow()))
              .allMatch(last -> last.how() == how && last.text().equals(text));
          return null;
        });
  }

  private DeskStatus status() {
    desk.tell(new AskDesk(node.getRef()));
    return node.receiveMessage();
  }
}
