package rto.rollout;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.PostStop;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.StashBuffer;
import akka.actor.typed.javadsl.TimerScheduler;
import java.io.IOException;
import java.time.Instant;
import rto.checkpoint.ScratchFile;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsReply.Chunk;
import rto.protocol.WeightsReply.Unknown;
import rto.protocol.WeightsRequest;

/**
 * Pulls weight snapshots chunk by chunk into files, verifies them and keeps the newest for the
 * slots of a worker. Whoever has them is asked for the next chunk only when one is there: a slow
 * receiver is sent no more than {@link PullSettings#ahead} chunks.
 *
 * <pre>
 *   idle ──Pull, held already───────▶ idle
 *   idle ──Pull──▶ pulling ──last chunk, intact──▶ idle
 *                     ├────────Unknown───────────▶ idle
 *                     ├────────no room on disk───▶ idle
 *                     └──damaged or silent: again, until attempts are used up ──▶ idle
 * </pre>
 *
 * A snapshot that is not whole is in a file of its own without a name: a death at any moment leaves
 * nothing of it.
 */
final class WeightsPuller {

  /** Asks for the bytes of {@code ref}. */
  record Pull(WeightsRef ref, ActorRef<WeightsRequest> from, ActorRef<PullReply> replyTo) {}

  sealed interface PullReply {}

  /** The bytes of this file are what {@code ref} names; it is the puller's, which closes it. */
  record Pulled(WeightsRef ref, ScratchFile file) implements PullReply {}

  /** The learner does not hold that version any more: the task that names it is done. */
  record Stale(WeightsRef ref) implements PullReply {}

  record PullFailed(WeightsRef ref, String reason) implements PullReply {}

  private enum Overdue {
    CHUNK
  }

  /** Which download of the same snapshot this is, and which question for the same chunk; from 1. */
  private record Tries(int downloads, int questions) {}

  // One question per slot at a time, and late answers.
  private static final int MAX_WAITING = 64;

  private final ActorContext<Object> context;
  private final StashBuffer<Object> waiting;
  private final TimerScheduler<Object> timers;
  private final PullSettings settings;
  private final HeldWeights held;

  /**
   * @param slots how many slots of one compute thread work with these weights
   */
  static Behavior<Pull> create(PullSettings settings, int slots) {
    return Behaviors.<Object>setup(
            context ->
                Behaviors.withStash(
                    MAX_WAITING,
                    waiting ->
                        Behaviors.withTimers(
                            timers ->
                                new WeightsPuller(
                                        context, waiting, timers, settings, new HeldWeights(slots))
                                    .idle())))
        .narrow();
  }

  private WeightsPuller(
      ActorContext<Object> context,
      StashBuffer<Object> waiting,
      TimerScheduler<Object> timers,
      PullSettings settings,
      HeldWeights held) {
    this.context = context;
    this.waiting = waiting;
    this.timers = timers;
    this.settings = settings;
    this.held = held;
  }

  private Behavior<Object> idle() {
    return Behaviors.receive(Object.class)
        .onMessage(Pull.class, this::begin)
        .onAnyMessage(late -> Behaviors.same())
        .onSignal(PostStop.class, stopped -> onStop())
        .build();
  }

  private Behavior<Object> begin(Pull pull) {
    var same = held.find(pull.ref());
    if (same.isPresent()) {
      pull.replyTo().tell(same.get());
      return Behaviors.same();
    }
    return download(pull, 1);
  }

  private Behavior<Object> download(Pull pull, int attempt) {
    try {
      return next(pull, new Download(pull.ref()), new Tries(attempt, 1));
    } catch (IOException e) {
      return fail(pull, e.toString());
    }
  }

  /** Asks for the next chunks, or ends. */
  private Behavior<Object> next(Pull pull, Download download, Tries tries) {
    if (download.isComplete()) {
      return download.isIntact()
          ? done(pull, download)
          : downloadAgain(pull, download, tries, "damaged in transit");
    }
    while (download.canAsk((long) settings.chunkBytes() * settings.ahead())) {
      long from = download.ask(settings.chunkBytes());
      pull.from()
          .tell(
              new WeightsRequest(
                  pull.ref(), from, settings.chunkBytes(), context.getSelf().narrow()));
    }
    return pulling(pull, download, tries);
  }

  private Behavior<Object> pulling(Pull pull, Download download, Tries tries) {
    var since = Instant.now();
    timers.startSingleTimer(Overdue.CHUNK, settings.deadline());
    return Behaviors.receive(Object.class)
        .onMessage(Chunk.class, chunk -> onChunk(pull, download, tries, chunk))
        .onMessage(Unknown.class, unknown -> onUnknown(pull, download, unknown))
        .onMessage(Overdue.class, overdue -> onOverdue(pull, download, tries, since))
        .onMessage(Pull.class, this::keepForLater)
        .onSignal(PostStop.class, stopped -> onStop(download))
        .build();
  }

  private Behavior<Object> onChunk(Pull pull, Download download, Tries tries, Chunk chunk) {
    if (!download.continuesWith(chunk)) {
      return Behaviors.same();
    }
    try {
      return download.add(chunk)
          ? next(pull, download, new Tries(tries.downloads(), 1))
          : downloadAgain(pull, download, tries, "a chunk of wrong length");
    } catch (IOException e) {
      download.discard();
      return fail(pull, e.getMessage());
    }
  }

  private Behavior<Object> onUnknown(Pull pull, Download download, Unknown unknown) {
    if (!unknown.weights().equals(pull.ref())) {
      return Behaviors.same();
    }
    download.discard();
    return end(pull, new Stale(pull.ref()));
  }

  private Behavior<Object> onOverdue(Pull pull, Download download, Tries tries, Instant since) {
    String why = "no chunk since " + since + ", at byte " + download.offset();
    if (tries.questions() >= settings.attempts()) {
      download.discard();
      return fail(pull, why);
    }
    warn(pull, why, "asked again", tries.questions() + 1);
    download.askAgain();
    return next(pull, download, new Tries(tries.downloads(), tries.questions() + 1));
  }

  private Behavior<Object> downloadAgain(Pull pull, Download download, Tries tries, String why) {
    download.discard();
    if (tries.downloads() >= settings.attempts()) {
      return fail(pull, why);
    }
    warn(pull, why, "pulled again from the start", tries.downloads() + 1);
    return download(pull, tries.downloads() + 1);
  }

  private void warn(Pull pull, String why, String what, int attempt) {
    context
        .getLog()
        .warn("{}: {}; {}, attempt {} of {}", name(pull), why, what, attempt, settings.attempts());
  }

  private Behavior<Object> fail(Pull pull, String why) {
    context.getLog().warn("{}: {}; given up, the task goes back to the run", name(pull), why);
    return end(pull, new PullFailed(pull.ref(), name(pull) + ": " + why));
  }

  private Behavior<Object> done(Pull pull, Download download) {
    Pulled pulled = new Pulled(pull.ref(), download.file());
    held.add(pulled);
    return end(pull, pulled);
  }

  private Behavior<Object> end(Pull pull, PullReply reply) {
    timers.cancelAll();
    pull.replyTo().tell(reply);
    return waiting.unstashAll(idle());
  }

  private Behavior<Object> keepForLater(Pull pull) {
    waiting.stash(pull);
    return Behaviors.same();
  }

  private Behavior<Object> onStop(Download download) {
    download.discard();
    return onStop();
  }

  private Behavior<Object> onStop() {
    held.close();
    return Behaviors.same();
  }

  private static String name(Pull pull) {
    return "weights version " + pull.ref().version() + " from " + pull.from();
  }
}
