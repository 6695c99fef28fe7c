package rto.protocol.wire;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import rto.protocol.ClusterStatus;
import rto.protocol.DeskEvent;
import rto.protocol.DeskMessage;
import rto.protocol.DeskReply;
import rto.protocol.DeskSnapshot;
import rto.protocol.DeskStatus;
import rto.protocol.NodeMessage;
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
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply;
import rto.protocol.WeightsRequest;
import rto.protocol.WireMessage;

/** One message of every kind, and a second where columns are absent; no field has its default. */
final class Examples {

  static final TaskId ID = new TaskId(3, 5);
  static final WeightsRef WEIGHTS = new WeightsRef(2, "0123456789abcdef".repeat(4), 5_000_000_000L);
  private static final WeightsRef ADAPTER =
      new WeightsRef(3, "ab".repeat(32), 70_000, Optional.of("cd".repeat(32)));
  static final Prompt PROMPT = new Prompt(17, new int[] {1, 300, 31_999});
  static final Trajectory TRAJECTORY =
      new Trajectory(PROMPT, 1, new int[] {42, 2}, new float[] {-0.5f, -1.25f}, true, 2);
  static final ScoredTrajectory UNSCORED = ScoredTrajectory.unscored(TRAJECTORY);
  static final ScoredTrajectory SCORED =
      UNSCORED
          .withReference(new float[] {-0.25f, Float.NaN})
          .withDpo(new float[] {-0f, Float.NEGATIVE_INFINITY})
          .withReward(-0.0);
  private static final Map<String, Double> METRICS =
      Map.of("reward", 0.75, "kl", Double.NaN, "length", -0.0);

  private Examples() {}

  static List<WireMessage> all(AkkaSerialization akka) {
    return List.of(
        task(akka, new Sampling(0.7, OptionalInt.of(50), OptionalDouble.of(0.9), 48)),
        task(akka, Sampling.plain(48)),
        new RunMessage.ScoreTask(
            "run-1", ID, List.of(SCORED, UNSCORED), akka.actor(TaskAccepted.class)),
        new TaskAccepted(ID),
        new RunMessage.TaskFailed("run-1", ID, "akka://rto/user/dpo", "NaN at token 3 – Überlauf"),
        new RunMessage.TaskTaken("run-1", ID, akka.actor(TaskAccepted.class)),
        new RunMessage.NodeLost("10.0.0.1:25520"),
        new WeightsRequest(WEIGHTS, 4_294_967_296L, 65_536, akka.actor(WeightsReply.class)),
        new WeightsReply.Chunk(WEIGHTS, 4_294_967_296L, new byte[] {0, -1, 127, -128}),
        new WeightsReply.Unknown(WEIGHTS),
        new WeightsReply.Unknown(ADAPTER),
        new RunMessage.Pause(),
        new RunMessage.Continue(),
        new RunMessage.GetStatus(akka.actor(RunStatus.class)),
        new RunStatus("run-1", "learning", 3, 40, 7, 8, 5, 2, "task 3/5", METRICS, "ab".repeat(32)),
        started(),
        new RunEvent.IterationStarted(3, WEIGHTS),
        accepted(),
        new RunEvent.IterationLearned(3, WEIGHTS, "cd".repeat(32), METRICS),
        new RunEvent.CheckpointWritten(3, "checkpoints/3", "ef".repeat(32)),
        new RunEvent.RunPaused(),
        new RunEvent.RunContinued(),
        new RunEvent.RunFinished("01".repeat(32)),
        new RunSnapshot(List.of(started(), accepted(), new RunEvent.RunPaused())),
        new DeskMessage.SubmitRun("run-1", "{\"seed\": 1}", akka.actor(DeskReply.class)),
        new DeskMessage.StopRun(akka.actor(DeskReply.class)),
        new DeskMessage.AskDesk(akka.actor(DeskStatus.class)),
        new DeskReply(true, "run-1 begins"),
        desk(),
        new DeskStatus("", "", "", DeskStatus.Stage.NONE, Optional.empty(), Optional.empty()),
        new DeskEvent.RunSubmitted("run-1", "{}"),
        ended(DeskEvent.How.FINISHED),
        ended(DeskEvent.How.FAILED),
        ended(DeskEvent.How.STOPPED),
        new DeskSnapshot(Optional.empty(), Optional.of(ended(DeskEvent.How.FINISHED))),
        new DeskSnapshot(Optional.of(new DeskEvent.RunSubmitted("run-1", "{}")), Optional.empty()),
        new NodeMessage.GetCluster(akka.actor(ClusterStatus.class)),
        new NodeMessage.Drain("127.0.0.1:25520", akka.actor(DeskReply.class)),
        new NodeMessage.NodeDied("127.0.0.1:25521"),
        new ClusterStatus(
            List.of(new ClusterStatus.Node("h:1", List.of("dpo", "reward"), "up", "0.1")),
            Optional.of(desk()),
            "the desk"));
  }

  private static DeskStatus desk() {
    return new DeskStatus(
        "run-1",
        "{}",
        "brain-1",
        new DeskStatus.Stage("base", "steps", 3, 40),
        Optional.of(new RunStatus("run-1", "learning", 3, 40, 7, 8, 1, 0, "", METRICS, "")),
        Optional.of(ended(DeskEvent.How.FAILED)));
  }

  private static DeskEvent.RunEnded ended(DeskEvent.How how) {
    return new DeskEvent.RunEnded("run-0", how, "disk full");
  }

  private static TaskOffer task(AkkaSerialization akka, Sampling sampling) {
    RolloutTask task =
        new RolloutTask(
            "run-1",
            ID,
            List.of(PROMPT, new Prompt(18, new int[] {1})),
            4,
            WEIGHTS,
            sampling,
            List.of(2, 151_645),
            -7_000_000_000L);
    return new TaskOffer(task, akka.actor(WeightsRequest.class));
  }

  private static RunEvent started() {
    return new RunEvent.RunStarted("run-1", "ab".repeat(32));
  }

  private static RunEvent accepted() {
    return new RunEvent.TrajectoriesAccepted(ID, List.of(UNSCORED, SCORED));
  }
}
