package rto.node;

import akka.Done;
import akka.actor.CoordinatedShutdown;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import rto.node.journal.Journal;
import rto.protocol.RunEvent.RunFinished;
import rto.protocol.RunMessage;
import rto.protocol.RunMessage.GetStatus;
import rto.protocol.RunStatus;

/**
 * A run on a cluster of one node, from its start, or from where its journal ends, to its end.
 *
 * <p>The actor system is gone when {@link #result} completes: the folder is free, and the compute
 * executors, which belong to the caller, get no more work.
 */
public final class ClusterRun {

  private static final String SYSTEM = "rto";
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private final ActorSystem<Void> system;
  private final CompletableFuture<ActorRef<RunMessage>> brain;
  private final CompletableFuture<RunFinished> result;

  private ClusterRun(
      ActorSystem<Void> system,
      CompletableFuture<ActorRef<RunMessage>> brain,
      CompletableFuture<RunFinished> result) {
    this.system = system;
    this.brain = brain;
    this.result = result;
  }

  /**
   * Starts the node and the run.
   *
   * @throws IllegalStateException if another process works in that folder
   */
  public static ClusterRun start(NodeOptions options, RunParts parts) {
    return start(options, parts, ConfigFactory.empty());
  }

  /** As above, with Akka settings that go before the node's own. */
  static ClusterRun start(NodeOptions options, RunParts parts, Config overrides) {
    var end = new CompletableFuture<RunFinished>();
    var brain = new CompletableFuture<ActorRef<RunMessage>>();
    var observed = parts.observedBy(new RunEnding(parts.observer(), end));
    var config = overrides.withFallback(config(options, parts.roles())).resolve();
    ActorSystem<Void> system =
        ActorSystem.create(
            Behaviors.setup(
                context -> {
                  joinItself(context.getSystem());
                  brain.complete(Wiring.start(context, observed));
                  return Behaviors.empty();
                }),
            SYSTEM,
            config);
    end.whenComplete((finished, failure) -> leave(system));
    return new ClusterRun(system, brain, endOf(system, end));
  }

  /** Completes when the run has ended and its node has left; fails with {@link RunFailed}. */
  public CompletionStage<RunFinished> result() {
    return result;
  }

  /** Where the run is; fails when the node has left or is too busy to answer. */
  public CompletionStage<RunStatus> status() {
    return brain
        .thenCompose(run -> AskPattern.ask(run, GetStatus::new, ANSWER, system.scheduler()))
        // The clock of an actor system that has ended does not run: this one does.
        .orTimeout(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Takes {@link RunMessage.Pause} and {@link RunMessage.Continue}. */
  public void tell(RunMessage message) {
    brain.thenAccept(run -> run.tell(message));
  }

  /** Leaves as on Ctrl-C: within seconds, and the same command continues the run. */
  public CompletionStage<Done> leave() {
    leave(system);
    return system.getWhenTerminated();
  }

  private static void leave(ActorSystem<?> system) {
    CoordinatedShutdown.get(system).runAll(CoordinatedShutdown.actorSystemTerminateReason());
  }

  private static void joinItself(ActorSystem<?> system) {
    var cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
  }

  private static CompletableFuture<RunFinished> endOf(
      ActorSystem<?> system, CompletableFuture<RunFinished> end) {
    return system
        .getWhenTerminated()
        .toCompletableFuture()
        .thenCompose(
            done -> {
              end.completeExceptionally(new RunFailed("the node left before the run began"));
              return end;
            });
  }

  private static Config config(NodeOptions options, List<NodeRole> roles) {
    var ours =
        Map.of(
            "akka.remote.artery.canonical.port",
            options.port(),
            "akka.cluster.roles",
            roles.stream().map(NodeRole::id).toList(),
            "akka.coordinated-shutdown.exit-jvm",
            options.exitJvm());
    var journal = Journal.of(options.journal(), options.folder()).ready();
    return ConfigFactory.parseMap(ours)
        .withFallback(ConfigFactory.parseMap(journal.slick()).atPath(Journal.SLICK))
        .withFallback(ConfigFactory.parseResources("akka-node.conf"))
        .withFallback(ConfigFactory.load());
  }
}
