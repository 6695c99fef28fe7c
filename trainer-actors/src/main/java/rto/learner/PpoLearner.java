package rto.learner;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import rto.learner.LearnerEngine.Snapshot;
import rto.learner.LearnerEngine.Step;
import rto.learner.LearnerEngine.Written;
import rto.protocol.LearnerCommand;
import rto.protocol.LearnerCommand.DropCheckpoints;
import rto.protocol.LearnerCommand.Learn;
import rto.protocol.LearnerCommand.Restore;
import rto.protocol.LearnerCommand.WriteCheckpoint;
import rto.protocol.LearnerReply;
import rto.protocol.LearnerReply.CheckpointDamaged;
import rto.protocol.LearnerReply.CheckpointDone;
import rto.protocol.LearnerReply.CheckpointsDropped;
import rto.protocol.LearnerReply.Learned;
import rto.protocol.LearnerReply.LearnerFailed;
import rto.protocol.LearnerReply.Restored;
import rto.protocol.WeightsRequest;

/**
 * Drives the learner's engine, one command at a time, and hands out the weights of its newest
 * versions, also while it learns.
 *
 * <pre>
 *   idle ──Restore, Learn, WriteCheckpoint, DropCheckpoints──▶ working ──Done──▶ idle
 *                                                                 └─────Failed──▶ stopped
 * </pre>
 *
 * An engine that threw may hold half a step: the learner says so and stops, and the run goes on
 * from its last checkpoint when it is started again. A damaged checkpoint is no failure: the run
 * may have an older one.
 */
public final class PpoLearner {

  /** Work is done: what to answer, and what the shelf holds from now on. */
  private record Done(LearnerReply reply, WeightsShelf shelf) {}

  private record Failed(Throwable cause) {}

  private final ActorContext<Object> context;
  private final LearnerEngine engine;
  private final Executor compute;

  /** {@code compute} must run one task at a time: the engine is not thread-safe. */
  public static Behavior<LearnerCommand> create(LearnerEngine engine, Executor compute) {
    return Behaviors.<Object>setup(
            context -> new PpoLearner(context, engine, compute).idle(WeightsShelf.empty()))
        .narrow();
  }

  private PpoLearner(ActorContext<Object> context, LearnerEngine engine, Executor compute) {
    this.context = context;
    this.engine = engine;
    this.compute = compute;
  }

  private Behavior<Object> idle(WeightsShelf shelf) {
    return Behaviors.receive(Object.class)
        .onMessage(Restore.class, command -> restore(command, shelf))
        .onMessage(Learn.class, command -> learn(command, shelf))
        .onMessage(WriteCheckpoint.class, command -> writeCheckpoint(command, shelf))
        .onMessage(DropCheckpoints.class, command -> dropCheckpoints(command, shelf))
        .onMessage(WeightsRequest.class, request -> handOut(shelf, request))
        .build();
  }

  private Behavior<Object> working(
      String what, WeightsShelf shelf, ActorRef<LearnerReply> replyTo, Supplier<Done> work) {
    context.pipeToSelf(
        CompletableFuture.supplyAsync(work, compute),
        // A future from supplyAsync wraps what was thrown.
        (done, failure) -> failure == null ? done : new Failed(failure.getCause()));
    return Behaviors.receive(Object.class)
        .onMessage(Done.class, done -> answer(replyTo, done))
        .onMessage(Failed.class, failed -> giveUp(what, replyTo, failed))
        .onMessage(WeightsRequest.class, request -> handOut(shelf, request))
        .build();
  }

  private Behavior<Object> restore(Restore command, WeightsShelf shelf) {
    String what = "restore " + command.checkpoint().orElse("the first policy");
    return working(what, shelf, command.replyTo(), () -> restored(command));
  }

  private Done restored(Restore command) {
    try {
      Snapshot snapshot = engine.restore(command.checkpoint());
      return new Done(
          new Restored(snapshot.ref(), snapshot.digest(), context.getSelf().narrow()),
          WeightsShelf.empty().with(snapshot));
    } catch (DamagedCheckpoint damaged) {
      String folder = command.checkpoint().orElseThrow(() -> damaged);
      return new Done(new CheckpointDamaged(folder, damaged.getMessage()), WeightsShelf.empty());
    }
  }

  private Behavior<Object> learn(Learn command, WeightsShelf shelf) {
    String what = "learn iteration " + command.iteration();
    return working(what, shelf, command.replyTo(), () -> learned(command, shelf));
  }

  private Done learned(Learn command, WeightsShelf shelf) {
    Step step = engine.learn(command.iteration(), command.trajectories());
    Snapshot next = step.snapshot();
    return new Done(
        new Learned(command.iteration(), next.ref(), next.digest(), step.metrics()),
        shelf.with(next));
  }

  private Behavior<Object> writeCheckpoint(WriteCheckpoint command, WeightsShelf shelf) {
    String what = "write the checkpoint after iteration " + command.iteration();
    return working(what, shelf, command.replyTo(), () -> written(command, shelf));
  }

  private Done written(WriteCheckpoint command, WeightsShelf shelf) {
    Written written = engine.writeCheckpoint(command.iteration());
    return new Done(
        new CheckpointDone(command.iteration(), written.folder(), written.digest()), shelf);
  }

  private Behavior<Object> dropCheckpoints(DropCheckpoints command, WeightsShelf shelf) {
    return working(
        "remove old checkpoints", shelf, command.replyTo(), () -> dropped(command, shelf));
  }

  private Done dropped(DropCheckpoints command, WeightsShelf shelf) {
    engine.dropCheckpoints(command.needed());
    return new Done(new CheckpointsDropped(), shelf);
  }

  private Behavior<Object> answer(ActorRef<LearnerReply> replyTo, Done done) {
    replyTo.tell(done.reply());
    return idle(done.shelf());
  }

  private Behavior<Object> giveUp(String what, ActorRef<LearnerReply> replyTo, Failed failed) {
    replyTo.tell(new LearnerFailed(what, failed.cause()));
    return Behaviors.stopped();
  }

  private Behavior<Object> handOut(WeightsShelf shelf, WeightsRequest request) {
    request.replyTo().tell(shelf.answer(request));
    return Behaviors.same();
  }
}
