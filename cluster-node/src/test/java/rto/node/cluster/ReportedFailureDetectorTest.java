package rto.node.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.typed.javadsl.Adapter;
import akka.remote.DefaultFailureDetectorRegistry;
import akka.remote.FailureDetectorLoader$;
import com.typesafe.config.ConfigFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In the registry that Akka keeps its detectors in. */
class ReportedFailureDetectorTest {

  private static final String NODE = "akka://rto@127.0.0.1:1";
  private static final String OTHER = "akka://rto@127.0.0.1:2";

  private ActorTestKit kit;
  private DefaultFailureDetectorRegistry<String> nodes;

  @BeforeEach
  void watchTwoNodes() {
    kit = ActorTestKit.create();
    var config = ConfigFactory.load().getConfig("akka.cluster.failure-detector");
    nodes =
        new DefaultFailureDetectorRegistry<>(
            () ->
                FailureDetectorLoader$.MODULE$.load(
                    ReportedFailureDetector.class.getName(),
                    config,
                    Adapter.toClassic(kit.system())));
    nodes.heartbeat(NODE);
    nodes.heartbeat(OTHER);
  }

  @AfterEach
  void shutDown() {
    kit.shutdownTestKit();
  }

  @Test
  void reportedNodeIsUnavailableWithoutAnySilenceAndOthersAreNot() {
    ReportedFailureDetector.report(NODE);

    assertThat(nodes.isAvailable(NODE)).isFalse();
    assertThat(nodes.isAvailable(OTHER)).isTrue();
  }

  @Test
  void nextProcessUnderTheAddressIsWatchedAnew() {
    ReportedFailureDetector.report(NODE);
    nodes.remove(NODE); // as the cluster does when the dead node is removed
    nodes.heartbeat(NODE);

    assertThat(nodes.isAvailable(NODE)).isTrue();
  }

  @Test
  void reportOfSomebodyUnknownChangesNothing() {
    ReportedFailureDetector.report("akka://rto@127.0.0.1:3");

    assertThat(nodes.isAvailable(NODE)).isTrue();
  }
}
