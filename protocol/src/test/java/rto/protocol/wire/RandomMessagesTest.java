package rto.protocol.wire;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.typed.ActorRef;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import rto.protocol.Prompt;
import rto.protocol.RolloutTask;
import rto.protocol.RunEvent;
import rto.protocol.RunMessage;
import rto.protocol.RunSnapshot;
import rto.protocol.RunStatus;
import rto.protocol.Sampling;
import rto.protocol.ScoredTrajectory;
import rto.protocol.TaskAccepted;
import rto.protocol.TaskId;
import rto.protocol.TaskOffer;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRequest;

/** Whatever the records accept crosses unchanged, to the bit. */
class RandomMessagesTest {

  private static final AkkaSerialization akka = new AkkaSerialization();
  private static final ActorRef<TaskAccepted> WORKER = akka.actor(TaskAccepted.class);
  private static final ActorRef<WeightsRequest> WEIGHTS_FROM = akka.actor(WeightsRequest.class);

  @AfterContainer
  static void stop() {
    akka.close();
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void trajectoriesSurvive(
      @ForAll("trajectories") List<ScoredTrajectory> trajectories, @ForAll("taskIds") TaskId id) {
    var accepted = new RunEvent.TrajectoriesAccepted(id, trajectories);
    akka.assertSurvives(accepted);
    akka.assertSurvives(new RunSnapshot(List.of(accepted, new RunEvent.RunPaused())));
    akka.assertSurvives(new RunMessage.ScoreTask("run", id, trajectories, WORKER));
  }

  @Property
  void everyBitOfALogProbSurvives(@ForAll int bits) {
    var prompt = new Prompt(0, new int[] {0});
    float[] logProbs = {Float.intBitsToFloat(bits)};
    var trajectory = new Trajectory(prompt, 0, new int[] {0}, logProbs, false, 0);
    var accepted =
        new RunEvent.TrajectoriesAccepted(
            Examples.ID, List.of(ScoredTrajectory.unscored(trajectory)));
    var copy =
        (RunEvent.TrajectoriesAccepted) akka.read(akka.manifest(accepted), akka.write(accepted));
    float read = copy.trajectories().get(0).trajectory().logProbs()[0];
    assertThat(Float.floatToRawIntBits(read)).isEqualTo(Float.floatToRawIntBits(logProbs[0]));
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void tasksSurvive(
      @ForAll("prompts") Prompt prompt,
      @ForAll("samplings") Sampling sampling,
      @ForAll("taskIds") TaskId id,
      @ForAll int endToken,
      @ForAll long seed) {
    akka.assertSurvives(
        new TaskOffer(
            new RolloutTask(
                "run",
                id,
                List.of(prompt, prompt),
                1 + Math.floorMod(endToken, 99),
                Examples.WEIGHTS,
                sampling,
                List.of(endToken),
                seed),
            WEIGHTS_FROM));
  }

  @Property
  void metricsSurvive(@ForAll Map<String, Double> metrics) {
    akka.assertSurvives(new RunStatus("run", "paused", 1, 2, 3, 4, 5, 6, "", metrics, ""));
    akka.assertSurvives(new RunEvent.IterationLearned(0, Examples.WEIGHTS, "", metrics));
  }

  @Provide
  Arbitrary<TaskId> taskIds() {
    var counts = Arbitraries.integers().greaterOrEqual(0);
    return Combinators.combine(counts, counts).as(TaskId::new);
  }

  @Provide
  Arbitrary<Prompt> prompts() {
    return Combinators.combine(Arbitraries.integers().greaterOrEqual(0), tokens(1, 20))
        .as(Prompt::new);
  }

  @Provide
  Arbitrary<Sampling> samplings() {
    var topK = Arbitraries.integers().greaterOrEqual(1).optional();
    var topP = Arbitraries.doubles().between(0, false, 1, true).optional();
    return Combinators.combine(
            Arbitraries.of(-0.0, 0.0, 0.7, 1.0, Double.MIN_VALUE, Double.MAX_VALUE),
            topK.map(k -> k.map(OptionalInt::of).orElse(OptionalInt.empty())),
            topP.map(p -> p.map(OptionalDouble::of).orElse(OptionalDouble.empty())),
            Arbitraries.integers().greaterOrEqual(1))
        .as(Sampling::new);
  }

  @Provide
  Arbitrary<List<ScoredTrajectory>> trajectories() {
    return Arbitraries.integers().between(1, 30).flatMap(this::scoredOfLength).list().ofMaxSize(4);
  }

  private Arbitrary<ScoredTrajectory> scoredOfLength(int length) {
    Arbitrary<Optional<float[]>> column = logProbs(length).optional();
    Arbitrary<OptionalDouble> reward =
        Arbitraries.of(-0.0, 1.5, Double.NaN, Double.NEGATIVE_INFINITY)
            .optional()
            .map(r -> r.map(OptionalDouble::of).orElse(OptionalDouble.empty()));
    return Combinators.combine(trajectory(length), column, column, reward)
        .as(ScoredTrajectory::new);
  }

  private Arbitrary<Trajectory> trajectory(int length) {
    var counts = Arbitraries.integers().greaterOrEqual(0);
    return Combinators.combine(
            prompts(),
            counts,
            tokens(length, length),
            logProbs(length),
            Arbitraries.of(true, false),
            counts)
        .as(Trajectory::new);
  }

  private static Arbitrary<int[]> tokens(int atLeast, int atMost) {
    return Arbitraries.integers()
        .greaterOrEqual(0)
        .array(int[].class)
        .ofMinSize(atLeast)
        .ofMaxSize(atMost);
  }

  private static Arbitrary<float[]> logProbs(int length) {
    var special =
        Arbitraries.of(
            Float.NaN, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, -0f, 0f, Float.MIN_VALUE);
    return Arbitraries.oneOf(Arbitraries.floats(), special).array(float[].class).ofSize(length);
  }
}
