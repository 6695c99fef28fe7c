package rto.node;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Props;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.time.Duration;
import java.util.List;
import java.util.Scanner;
import java.util.function.Consumer;
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
    List<String> join = List.of("join=[\"" + args[0] + "\"]");
    var system = LoopbackNode.start(node -> say("UNREACHABLE " + node), join).system();
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
