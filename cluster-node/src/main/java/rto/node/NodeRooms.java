package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.Signal;
import akka.actor.typed.Terminated;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import rto.lm.io.Tokenizer;
import rto.node.cluster.Rooms;
import rto.node.settings.Settings;
import rto.protocol.RunMessage;
import rto.rollout.PullSettings;
import rto.rollout.RolloutSettings;
import rto.train.RunFolder;
import rto.train.RunSettings;

/**
 * The models of a node's roles for one run. Frozen models are loaded from the run's folder, which
 * all nodes see; the policy's weights are pulled from the learner.
 */
final class NodeRooms implements Rooms {

  /** A scorer may die with a task: the worker hands it on again after so long, or as usual. */
  private static final RolloutSettings ROLLOUT =
      new RolloutSettings(2, Duration.ofSeconds(1), PullSettings.standard());

  private final Engines engines;
  private final RoomParts parts;

  private NodeRooms(Engines engines, RoomParts parts) {
    this.engines = engines;
    this.parts = parts;
  }

  static NodeRooms load(NodeSettings node, String run, String config) throws IOException {
    RunSettings settings = Settings.read(config, node.overrides(), RunSettings.class);
    TorchThreads.choose(settings.torchThreads());
    RunFolder folder = new RunFolder(node.folder(run));
    Devices.requireKindOf(folder, settings.resources());
    Devices.choose(settings);
    try (Tokenizer tokenizer = settings.model().tokenizer(folder.base())) {
      Engines engines = Engines.of(settings, folder, tokenizer);
      List<NodeRole> chain = engines.chain();
      List<NodeRole> here = chain.stream().filter(node.roles()::contains).toList();
      return new NodeRooms(
          engines,
          new RoomParts(
              ClusterPipeline.runId(node, run),
              chain,
              node.roles().contains(NodeRole.ROLLOUT) ? engines.policies() : List.of(),
              engines.scorers(here),
              ROLLOUT));
    }
  }

  @Override
  public Behavior<Void> crew(ActorRef<RunMessage> brain) {
    return Behaviors.setup(
        context -> {
          Wiring.startRooms(context, parts, brain);
          context.getChildren().forEach(context::watch);
          return Behaviors.<Void>receiveSignal(NodeRooms::onRoomGone);
        });
  }

  /** The others would wait for it in vain: the crew fails with it. */
  private static Behavior<Void> onRoomGone(ActorContext<Void> context, Signal signal) {
    if (signal instanceof Terminated gone) {
      throw new IllegalStateException("room " + gone.getRef().path().name() + " is gone");
    }
    return Behaviors.same();
  }

  @Override
  public void close() {
    engines.close();
  }
}
