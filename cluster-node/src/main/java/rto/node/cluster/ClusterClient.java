package rto.node.cluster;

import akka.Done;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.AskPattern;
import akka.actor.typed.javadsl.Behaviors;
import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import rto.protocol.ClusterStatus;
import rto.protocol.DeskMessage.StopRun;
import rto.protocol.DeskMessage.SubmitRun;
import rto.protocol.DeskReply;
import rto.protocol.NodeMessage.Drain;
import rto.protocol.NodeMessage.GetCluster;
import rto.protocol.NodeMessage.NodeDied;
import rto.protocol.RunMessage.Continue;
import rto.protocol.RunMessage.Pause;
import rto.protocol.WireMessage;

/**
 * The way into a cluster from outside. No member of it: it may come, die and be cut off without the
 * cluster taking notice.
 */
public final class ClusterClient implements AutoCloseable {

  /** A first answer takes connections both ways, with handshakes where there is TLS. */
  private static final Duration ANSWER = Duration.ofSeconds(5);

  private static final Duration FAREWELL = Duration.ofSeconds(3);

  /** To the agent of a node. */
  private record Letter(String node, WireMessage message) {}

  private final ActorSystem<Letter> system;
  private final List<String> nodes;

  /**
   * @param nodes {@code host:port} of some nodes; any of them will do
   * @param config of an actor system of the cluster's name, on a free port, that joins nothing
   */
  public ClusterClient(String name, List<String> nodes, Config config) {
    this.nodes = new CopyOnWriteArrayList<>(nodes);
    this.system = ActorSystem.create(postman(), name, config);
  }

  public ClusterStatus status() {
    return ask(GetCluster::new);
  }

  /** Hands a run in. Handing in the one that is on changes nothing. */
  public DeskReply submit(String run, String config) {
    return ask((ActorRef<DeskReply> replyTo) -> new SubmitRun(run, config, replyTo));
  }

  public DeskReply stop() {
    return ask(StopRun::new);
  }

  public DeskReply drain(String node) {
    return ask((ActorRef<DeskReply> replyTo) -> new Drain(node, replyTo));
  }

  public void pause() {
    tellFirst(new Pause());
  }

  public void goOn() {
    tellFirst(new Continue());
  }

  /** Tells all that are known: one of them may be the dead one. */
  public void died(String node) {
    nodes.forEach(one -> system.tell(new Letter(one, new NodeDied(node))));
  }

  /** Asks one after the other, whoever answered last first. */
  private synchronized <R> R ask(Function<ActorRef<R>, WireMessage> question) {
    RuntimeException failure = null;
    for (String node : List.copyOf(nodes)) {
      try {
        R answer =
            AskPattern.<Letter, R>ask(
                    system,
                    replyTo -> new Letter(node, question.apply(replyTo)),
                    ANSWER,
                    system.scheduler())
                .toCompletableFuture()
                .join();
        nodes.remove(node);
        nodes.add(0, node);
        return answer;
      } catch (CompletionException silent) {
        failure = silent;
      }
    }
    throw new IllegalStateException(
        "cluster: no answer from "
            + String.join(", ", nodes)
            + " (expected: nodes that run; and a learner's, where runs are handed in)",
        failure);
  }

  /** The first is the one that answered last: ask something before. */
  private void tellFirst(WireMessage message) {
    status();
    system.tell(new Letter(nodes.get(0), message));
  }

  private static Behavior<Letter> postman() {
    return Behaviors.receive(ClusterClient::deliver);
  }

  /**
   * By a selection: Akka delivers nothing else to an address whose process has left in good order,
   * whoever is there now, until that one calls; and nobody calls a client.
   */
  private static Behavior<Letter> deliver(ActorContext<Letter> context, Letter letter) {
    String system = "akka://" + context.getSystem().name() + "@" + letter.node();
    context
        .classicActorContext()
        .actorSelection(system + "/user/" + NodeAgent.NAME)
        .tell(letter.message(), akka.actor.ActorRef.noSender());
    return Behaviors.same();
  }

  @Override
  public void close() {
    system.terminate();
    // Connections with TLS may hang on; what was asked is answered, and the command's process ends.
    system
        .getWhenTerminated()
        .toCompletableFuture()
        .completeOnTimeout(Done.getInstance(), FAREWELL.toSeconds(), TimeUnit.SECONDS)
        .join();
  }
}
