package rto.rollout;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import java.time.Instant;
import java.util.Optional;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.WeightsReply.Unknown;
import rto.protocol.WeightsRequest;

/**
 * Pulls weight snapshots chunk by chunk, verifies them and keeps the newest for all slots of a
 * worker.
 *
 * <pre>
 *   idle ──Pull, held already──▶ idle
 *   idle ──Pull──▶ pulling ──last chunk, intact──▶ idle
 *                     ├────────Unknown───────────▶ idle
 *                     └──damaged or silent: again, until attempts are used up ──▶ idle
 * </pre>
 */
final class WeightsPuller {

  /** Asks for the bytes of {@code ref}. */
  record Pull(WeightsRef ref, ActorRef<WeightsRequest> from, ActorRef<PullReply> replyTo) {}

  sealed interface PullReply {}

  /** These bytes are what {@code ref} names. */
  record Pulled(WeightsRef ref, byte[] bytes) implements PullReply {}

  /** The learner does not hold that version any more: the task that names it is done. */
  record Stale(WeightsRef ref) implements PullReply {}

  record PullFailed(WeightsRef ref, String reason) implements PullReply {}

  private enum Overdue {
    CHUNK
  }

  // One question per slot at a time, and late answers.
  private static final int MAX_WAITING = 64;

  private final ActorContext<Object> context;
  private final StashBuffer<Object> waiting;
  private final TimerScheduler<Object> timers;
  private final PullSettings settings;

  static Behavior<Pull> create(PullSettings settings) {
    return Behaviors.<Object>setup(
            context ->
                Behaviors.withStash(
                    MAX_WAITING,
                    waiting ->
                        Behaviors.withTimers(
                            timers ->
                                new WeightsPuller(context, waiting, timers, settings)
                                    .idle(Optional.empty()))))
        .narrow();
  }

  private WeightsPuller(
      ActorContext<Object> context,
      StashBuffer<Object> waiting,
      TimerScheduler<Object> timers,
      PullSettings settings) {
    this.context = context;
    this.waiting = waiting;
    this.timers = timers;
    this.settings = settings;
  }

  private Behavior<Object> idle(Optional<Pulled> held) {
    return Behaviors.receive(Object.class)
        .onMessage(Pull.class, pull -> begin(pull, held))
        .onAnyMessage(late -> Behaviors.same())
        .build();
  }

  private Behavior<Object> begin(Pull pull, Optional<Pulled> held) {
    var same = held.filter(pulled -> pulled.ref().equals(pull.ref()));
    if (same.isPresent()) {
      pull.replyTo().tell(same.get());
      return Behaviors.same();
    }
    return Download.fits(pull.ref())
        ? next(pull, new Download(pull.ref()), 1)
        : done(pull, new PullFailed(pull.ref(), pull.ref().bytes() + " bytes (expected: < 2 GiB)"));
  }

  /** Asks for the next chunk, or ends; {@code attempt} counts from 1. */
  private Behavior<Object> next(Pull pull, Download download, int attempt) {
    if (download.isComplete()) {
      return download.isIntact()
          ? done(pull, new Pulled(pull.ref(), download.bytes()))
          : again(pull, new Download(pull.ref()), attempt, "damaged in transit");
    }
    return pulling(pull, download, attempt);
  }

  private Behavior<Object> pulling(Pull pull, Download download, int attempt) {
    var since = Instant.now();
    timers.startSingleTimer(Overdue.CHUNK, settings.deadline());
    pull.from()
        .tell(
            new WeightsRequest(
                pull.ref(), download.offset(), settings.chunkBytes(), context.getSelf().narrow()));
    return Behaviors.receive(Object.class)
        .onMessage(Chunk.class, chunk -> onChunk(pull, download, attempt, chunk))
        .onMessage(Unknown.class, unknown -> onUnknown(pull, unknown))
        .onMessage(
            Overdue.class,
            overdue ->
                again(pull, download, attempt, "no chunk from " + pull.from() + " since " + since))
        .onMessage(Pull.class, this::keepForLater)
        .build();
  }

  private Behavior<Object> onChunk(Pull pull, Download download, int attempt, Chunk chunk) {
    if (!download.continuesWith(chunk)) {
      return Behaviors.same();
    }
    return download.add(chunk)
        ? next(pull, download, attempt)
        : again(pull, new Download(pull.ref()), attempt, "a chunk of wrong length");
  }

  private Behavior<Object> onUnknown(Pull pull, Unknown unknown) {
    return unknown.weights().equals(pull.ref())
        ? done(pull, new Stale(pull.ref()))
        : Behaviors.same();
  }

  private Behavior<Object> again(Pull pull, Download download, int attempt, String why) {
    context.getLog().warn("weights {}: {}, attempt {}", pull.ref(), why, attempt);
    return attempt < settings.attempts()
        ? pulling(pull, download, attempt + 1)
        : done(pull, new PullFailed(pull.ref(), why));
  }

  private Behavior<Object> done(Pull pull, PullReply reply) {
    timers.cancelAll();
    pull.replyTo().tell(reply);
    return waiting.unstashAll(
        idle(reply instanceof Pulled pulled ? Optional.of(pulled) : Optional.empty()));
  }

  private Behavior<Object> keepForLater(Pull pull) {
    waiting.stash(pull);
    return Behaviors.same();
  }
}
