package rto.node;

import akka.actor.typed.ActorSystem;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import rto.node.cluster.ClusterClient;
import rto.node.cluster.NodeAgent;
import rto.protocol.ClusterStatus;
import rto.protocol.NodeMessage.GetCluster;

/** One client, and one node after the other under the same address. */
class ClusterClientTest {

  /** Several times as long as a question waits for its answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Logger AKKA =
      (Logger) LoggerFactory.getLogger("akka.remote.artery.Association");

  private final int port = FreePort.next();
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final ClusterClient client =
      new ClusterClient(
          NodeConfig.SYSTEM,
          List.of("127.0.0.1:" + port),
          ConfigFactory.parseString("akka.loglevel = DEBUG")
              .withFallback(NodeConfig.ofClient(TlsSettings.OFF)));

  @BeforeEach
  void listen() {
    log.start();
    AKKA.setLevel(Level.DEBUG);
    AKKA.addAppender(log);
  }

  @AfterEach
  void close() {
    client.close();
    AKKA.detachAppender(log);
    AKKA.setLevel(null);
  }

  @Test
  void nodeThatIsStartedAgainAfterItLeftInGoodOrderIsHeard() {
    answeredBy("first");
    Awaiting.becomes(PATIENCE, this::isGivenUp, true);

    answeredBy("second");
  }

  private void answeredBy(String node) {
    ActorSystem<Void> system = ActorSystem.create(guardian(node), NodeConfig.SYSTEM, config());
    try {
      Awaiting.becomes(PATIENCE, this::answer, node);
    } finally {
      system.terminate();
      system.getWhenTerminated().toCompletableFuture().join();
    }
  }

  /** The client's Akka was told that the node's process leaves, and calls it no more. */
  private boolean isGivenUp() {
    return List.copyOf(log.list).stream()
        .map(ILoggingEvent::getFormattedMessage)
        .anyMatch(line -> line.contains(":" + port + "] was quarantined and stopped"));
  }

  private String answer() {
    try {
      return client.status().waitingFor();
    } catch (IllegalStateException nobodyAnswers) {
      return nobodyAnswers.getMessage();
    }
  }

  private Config config() {
    return ConfigFactory.parseString("akka.remote.artery.canonical.port = " + port)
        .withFallback(NodeConfig.ofClient(TlsSettings.OFF));
  }

  /** A node's agent that says which one it is. */
  private static Behavior<Void> guardian(String node) {
    return Behaviors.setup(
        context -> {
          context.spawn(
              agent(new ClusterStatus(List.of(), Optional.empty(), node)), NodeAgent.NAME);
          return Behaviors.empty();
        });
  }

  private static Behavior<Object> agent(ClusterStatus status) {
    return Behaviors.receive(Object.class)
        .onMessage(
            GetCluster.class,
            get -> {
              get.replyTo().tell(status);
              return Behaviors.same();
            })
        .build();
  }
}
