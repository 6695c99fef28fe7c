package rto.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.ClusterEvent.UnreachableMember;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Join;
import akka.cluster.typed.Subscribe;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import rto.node.settings.Settings;

/** A node's actor system, with a node's settings and none of its work, within a test. */
record LoopbackNode(ActorSystem<UnreachableMember> system) implements AutoCloseable {

  /** On a free port, quick to suspect others; {@code lost} is told whom it loses. */
  static LoopbackNode start(Consumer<String> lost, List<String> overrides) {
    List<String> all =
        new ArrayList<>(List.of("roles=[rollout]", "port=0", "failure-detection=one-rack"));
    all.addAll(overrides);
    var settings = Settings.load(Optional.empty(), all, NodeSettings.DEFAULTS, NodeSettings.class);
    // The test goes on when its own node ends, at once.
    var config =
        ConfigFactory.parseString(
                "akka.coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }")
            .withFallback(NodeConfig.of(settings));
    return new LoopbackNode(ActorSystem.create(watching(lost), NodeConfig.SYSTEM, config));
  }

  private static Behavior<UnreachableMember> watching(Consumer<String> lost) {
    return Behaviors.setup(
        context -> {
          Cluster.get(context.getSystem())
              .subscriptions()
              .tell(Subscribe.create(context.getSelf(), UnreachableMember.class));
          return Behaviors.receiveMessage(
              event -> {
                lost.accept(event.member().address().toString());
                return Behaviors.same();
              });
        });
  }

  /** It is the first one. */
  LoopbackNode begin() {
    cluster().manager().tell(Join.create(cluster().selfMember().address()));
    return this;
  }

  Cluster cluster() {
    return Cluster.get(system);
  }

  /** {@code host:port}. */
  String address() {
    var address = cluster().selfMember().address();
    return address.getHost().orElseThrow() + ":" + port();
  }

  int port() {
    return cluster().selfMember().address().getPort().orElseThrow();
  }

  /** Addresses of the members that are up, as this node sees it. */
  List<String> up() {
    return StreamSupport.stream(cluster().state().getMembers().spliterator(), false)
        .filter(member -> member.status().toString().equals("Up"))
        .map(
            member ->
                member.address().getHost().orElse("") + ":" + member.address().getPort().orElse(0))
        .sorted()
        .toList();
  }

  @Override
  public void close() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }
}
