package rto.chaos.invariant;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import rto.chaos.invariant.Evidence.End;
import rto.chaos.invariant.Evidence.Expected;
import rto.protocol.Prompt;
import rto.protocol.RunEvent.CheckpointWritten;
import rto.protocol.RunEvent.IterationLearned;
import rto.protocol.RunEvent.IterationStarted;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunEvent.RunStarted;
import rto.protocol.RunEvent.TrajectoriesAccepted;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;

/** Each claim holds of a sound run, and each can be contradicted. */
class InvariantTest {

  private static final String DIGEST = "d".repeat(64);
  private static final Expected EXPECTED = new Expected(2, 2, 0, DIGEST);

  /** Two iterations of two tasks, one checkpoint: events 0 to 10. */
  private static final List<Object> SOUND =
      List.of(
          new RunStarted("run", "config"),
          started(0, 0),
          accepted(0, 0, 0),
          accepted(0, 1, 0),
          learned(0),
          started(1, 1),
          accepted(1, 1, 1),
          accepted(1, 0, 1),
          learned(1),
          new CheckpointWritten(1, "folder", DIGEST),
          new RunFinished(DIGEST));

  @Test
  void soundRunViolatesNothing() {
    assertThat(Invariant.violated(evidence(SOUND))).isEmpty();
  }

  @Test
  void taskThatIsAcceptedTwiceIsFound() {
    assertThat(Invariant.violated(evidence(with(3, SOUND.get(2)))))
        .containsExactly("EveryTaskLearnedOnce: task 0/0 was accepted 2 times (expected: once)");
  }

  @Test
  void taskThatIsNeverAcceptedIsFound() {
    assertThat(Invariant.violated(evidence(without(6))))
        .containsExactly("EveryTaskLearnedOnce: task 1/1 was accepted 0 times (expected: once)");
  }

  @Test
  void taskThatComesAfterItsIterationIsFound() {
    var late = without(3);
    late.add(4, accepted(0, 1, 0));

    assertThat(Invariant.violated(evidence(late)))
        .containsExactly(
            "EveryTaskLearnedOnce: task 0/1 was accepted after its iteration was learned");
  }

  @Test
  void iterationThatIsLearnedTwiceIsFoundByItsNumberAndByItsVersion() {
    assertThat(Invariant.violated(evidence(with(5, learned(0)))))
        .hasSize(2)
        .anyMatch(
            v -> v.equals("EveryTaskLearnedOnce: iteration 0 was learned 2 times (expected: once)"))
        .anyMatch(v -> v.startsWith("VersionsMonotonic: ") && v.endsWith("(expected: version 2)"));
  }

  @Test
  void checkpointOfAnEarlierIterationIsFound() {
    var events = with(10, new CheckpointWritten(0, "folder", DIGEST));

    assertThat(Invariant.violated(evidence(events)))
        .singleElement()
        .asString()
        .startsWith("VersionsMonotonic: CheckpointWritten[iteration=0")
        .endsWith("(expected: one after 1)");
  }

  @Test
  void trajectoryOfAnOlderPolicyIsFound() {
    var events = new ArrayList<>(SOUND);
    events.set(7, accepted(1, 0, 0));

    assertThat(Invariant.violated(evidence(events)))
        .containsExactly("StalenessBoundKept: task 1/0 is of version 0 (expected: 1)");
  }

  @Test
  void boundFollowsTheStaleness() {
    // max(0, k − 1): both iterations are sampled by version 0.
    var events = new ArrayList<>(SOUND);
    events.set(5, started(1, 0));
    events.set(6, accepted(1, 1, 0));
    events.set(7, accepted(1, 0, 0));
    var evidence =
        new Evidence(new Expected(2, 2, 1, DIGEST), journal(events, "a"), DIGEST, List.of());

    assertThat(Invariant.violated(evidence)).isEmpty();
  }

  @Test
  void brainThatWritesAfterItsSuccessorIsFound() {
    List<String> writers = List.of("a", "a", "b", "b", "a", "b", "b", "b", "b", "b", "b");
    var journal =
        IntStream.range(0, SOUND.size())
            .mapToObj(i -> new Journalled(i, "run", i + 1, writers.get(i), SOUND.get(i)))
            .toList();

    assertThat(Invariant.violated(new Evidence(EXPECTED, journal, DIGEST, List.of())))
        .contains(
            "AtMostOneBrain: writer a of run wrote event 5 after another one had followed it");
  }

  @Test
  void brainsThatFollowEachOtherAreFine() {
    var journal =
        Stream.concat(journal(SOUND, "a").stream().limit(6), journal(SOUND, "b").stream().skip(6))
            .toList();

    assertThat(Invariant.violated(new Evidence(EXPECTED, journal, DIGEST, List.of()))).isEmpty();
  }

  @Test
  void gapInTheJournalIsFound() {
    var journal = new ArrayList<>(journal(SOUND, "a"));
    journal.set(10, new Journalled(10, "run", 12, "a", SOUND.get(10)));

    assertThat(Invariant.violated(new Evidence(EXPECTED, journal, DIGEST, List.of())))
        .containsExactly("NothingLost: run: event 12 (expected: 11)");
  }

  @Test
  void processThatEndsByItselfIsFoundUnlessItAskedToBeStartedAgain() {
    var ends =
        List.of(
            new End("learner-0", 7, 137, true),
            new End("learner-1", 8, 255, false),
            new End("reward-0", 9, 134, false));

    assertThat(Invariant.violated(new Evidence(EXPECTED, journal(SOUND, "a"), DIGEST, ends)))
        .containsExactly(
            "DeathsExplained: reward-0 (pid 9) ended with status 134 by itself (its log says why)");
  }

  @Test
  void anotherDigestIsFoundInTheJournalAndInTheResult() {
    String other = "e".repeat(64);
    var events = new ArrayList<>(SOUND);
    events.set(10, new RunFinished(other));

    assertThat(Invariant.violated(new Evidence(EXPECTED, journal(events, "a"), "", List.of())))
        .containsExactly(
            "DigestEqual: finished with [" + other + "] (expected: once, with " + DIGEST + ")",
            "DigestEqual: result's digest:  (expected: " + DIGEST + ")");
  }

  private static Evidence evidence(List<Object> events) {
    return new Evidence(EXPECTED, journal(events, "a"), DIGEST, List.of());
  }

  private static List<Journalled> journal(List<Object> events, String writer) {
    return IntStream.range(0, events.size())
        .mapToObj(i -> new Journalled(i, "run", i + 1, writer, events.get(i)))
        .toList();
  }

  private static List<Object> with(int at, Object event) {
    var events = new ArrayList<>(SOUND);
    events.add(at, event);
    return events;
  }

  private static List<Object> without(int at) {
    var events = new ArrayList<>(SOUND);
    events.remove(at);
    return events;
  }

  private static WeightsRef weights(int version) {
    return new WeightsRef(version, Integer.toString(version).repeat(64), 1);
  }

  private static IterationStarted started(int iteration, int version) {
    return new IterationStarted(iteration, weights(version));
  }

  private static IterationLearned learned(int iteration) {
    return new IterationLearned(iteration, weights(iteration + 1), DIGEST, Map.of());
  }

  private static TrajectoriesAccepted accepted(int iteration, int index, int version) {
    var prompt = new Prompt(0, new int[] {1});
    var sampled = new Trajectory(prompt, 0, new int[] {1}, new float[] {-1}, false, version);
    return new TrajectoriesAccepted(
        new TaskId(iteration, index), List.of(ScoredTrajectory.unscored(sampled)));
  }
}
