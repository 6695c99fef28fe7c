package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.ClusterSingleton;
import akka.cluster.typed.ClusterSingletonSettings;
import akka.cluster.typed.Join;
import akka.cluster.typed.SingletonActor;
import akka.management.cluster.bootstrap.ClusterBootstrap;
import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import rto.node.cluster.IslandWatch;
import rto.node.cluster.JoinWatch;
import rto.node.cluster.NodeAgent;
import rto.node.cluster.Rooms;
import rto.node.cluster.RunDesk;

/** A process that joins a cluster and serves whatever run is on. */
final class ClusterNode {

  private final NodeSettings settings;

  private ClusterNode(NodeSettings settings) {
    this.settings = settings;
  }

  /** Starts the node; the JVM ends with it, whenever that is. */
  static ActorSystem<Void> start(NodeSettings settings) {
    return start(settings, NodeConfig.of(settings));
  }

  /** The same with Akka's settings at hand. */
  static ActorSystem<Void> start(NodeSettings settings, Config akka) {
    var node = new ClusterNode(settings);
    return ActorSystem.create(Behaviors.<Void>setup(node::guardian), NodeConfig.SYSTEM, akka);
  }

  private Behavior<Void> guardian(ActorContext<Void> context) {
    NodeManagement.start(context.getSystem(), settings);
    join(context);
    var pipeline = new ClusterPipeline(settings);
    context.spawn(NodeAgent.create(desk(context, pipeline), rooms(pipeline)), NodeAgent.NAME);
    context.spawn(IslandWatch.create(settings.join()), "island-watch");
    return Behaviors.empty();
  }

  private void join(ActorContext<Void> context) {
    if (!settings.discovery().bySeeds()) {
      ClusterBootstrap.get(context.getSystem()).start();
      context.spawn(JoinWatch.create(settings.discovery().awaited()), "join-watch");
    } else if (settings.join().isEmpty()) {
      var cluster = Cluster.get(context.getSystem());
      cluster.manager().tell(Join.create(cluster.selfMember().address()));
    }
  }

  private ActorRef<Object> desk(ActorContext<Void> context, ClusterPipeline pipeline) {
    var onLearners =
        ClusterSingletonSettings.create(context.getSystem()).withRole(NodeRole.LEARNER.id());
    return ClusterSingleton.get(context.getSystem())
        .init(SingletonActor.of(RunDesk.inCluster(pipeline), "desk").withSettings(onLearners));
  }

  private List<Rooms.Loader> rooms(ClusterPipeline pipeline) {
    List<Rooms.Loader> loaders = new ArrayList<>();
    if (settings.roles().contains(NodeRole.LEARNER)) {
      loaders.add(pipeline.standby());
    }
    if (settings.roles().stream().anyMatch(role -> role != NodeRole.LEARNER)) {
      loaders.add((run, config) -> NodeRooms.load(settings, run, config));
    }
    return loaders;
  }
}
