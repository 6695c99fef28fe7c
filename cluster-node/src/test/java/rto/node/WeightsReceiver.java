package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import akka.cluster.ClusterEvent.UnreachableMember;
import akka.cluster.typed.Cluster;
import akka.cluster.typed.Subscribe;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Scanner;
import java.util.function.Consumer;
import rto.node.settings.Settings;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsRequest;
import rto.rollout.Receiver;

/**
 * A node in a process of its own that pulls one snapshot. Says {@code READY} when it knows where
 * from, begins at a line on standard input, and says {@code HELD digest milliseconds}, and {@code
 * UNREACHABLE node} of each node that it loses. It ends when standard input does.
 */
final class WeightsReceiver {

  static final ServiceKey<WeightsRequest> LEARNER =
      ServiceKey.create(WeightsRequest.class, "weights");

  private WeightsReceiver() {}

  /** The node to join; version, digest and length of the snapshot. */
  public static void main(String[] args) throws InterruptedException {
    var ref = new WeightsRef(Integer.parseInt(args[1]), args[2], Long.parseLong(args[3]));
    var system = start(node -> say("UNREACHABLE " + node), "join=[\"" + args[0] + "\"]");
    ActorRef<WeightsRequest> from = find(system);
    say("READY");
    try (Scanner in = new Scanner(System.in)) {
      in.nextLine();
      long began = System.nanoTime();
      Consumer<String> result =
          held -> say("HELD " + held + " " + (System.nanoTime() - began) / 1_000_000);
      system.systemActorOf(Receiver.create(ref, from, result), "receiver", Props.empty());
      while (in.hasNextLine()) {
        in.nextLine();
      }
    }
    Runtime.getRuntime().halt(0);
  }

  /** A node on a free port of loopback, quick to suspect others, that tells whom it loses. */
  static ActorSystem<UnreachableMember> start(Consumer<String> lost, String... overrides) {
    List<String> all =
        new ArrayList<>(List.of("roles=[rollout]", "port=0", "failure-detection=one-rack"));
    all.addAll(List.of(overrides));
    var settings = Settings.load(Optional.empty(), all, NodeSettings.DEFAULTS, NodeSettings.class);
    // The test goes on when its own node ends, at once.
    var config =
        ConfigFactory.parseString(
                "akka.coordinated-shutdown { exit-jvm = off, run-by-actor-system-terminate = off }")
            .withFallback(NodeConfig.of(settings));
    return ActorSystem.create(watching(lost), NodeConfig.SYSTEM, config);
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

  private static ActorRef<WeightsRequest> find(ActorSystem<?> system) throws InterruptedException {
    while (true) {
      Receptionist.Listing listing =
          AskPattern.<Receptionist.Command, Receptionist.Listing>ask(
                  system.receptionist(),
                  replyTo -> Receptionist.find(LEARNER, replyTo),
                  Duration.ofSeconds(10),
                  system.scheduler())
              .toCompletableFuture()
              .join();
      var found = listing.getServiceInstances(LEARNER).stream().findFirst();
      if (found.isPresent()) {
        return found.get();
      }
      Thread.sleep(50);
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
