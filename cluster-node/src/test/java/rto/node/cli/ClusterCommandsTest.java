package rto.node.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Nodes, and what is asked of them. */
class ClusterCommandsTest extends CommandLineFixture {

  @Test
  void localTakesTheNumberOfProcessesOfEachRole() {
    assertThat(rto("local", "--learners=2", "--rollouts", "3", file.toString(), "a.b=1")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Local(file, Path.of("runs/small"), 2, 3, 1, 1, 1, List.of("a.b=1")));
    assertThat(rto("local", "--rollouts=0", file.toString())).isEqualTo(2);
  }

  @Test
  void whatIsTypedForANodeBecomesItsSettings() {
    assertThat(rto("node", "--roles", "rollout,dpo", "--join=a:1", "--port=0", "host=b")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Node(
                Optional.empty(),
                List.of("roles=[\"rollout\", \"dpo\"]", "join=[\"a:1\"]", "port=0", "host=b"),
                false));
  }

  @Test
  void submittedRunIsNamedAfterItsFileAndMustBeAFoldersName() {
    assertThat(rto("submit", file.toString(), "--join", "a:1,b:2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(new Operations.Submit(file, "small", cluster("a:1", "b:2"), false, List.of()));
    assertThat(rto("submit", file.toString(), "--out", "../other")).isEqualTo(2);
    assertThat(err.toString()).contains("out: ../other");
  }

  @Test
  void clusterIsAskedWhereNodesListenByDefault() {
    assertThat(rto("status")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Control(
                Operations.Action.STATUS, cluster("127.0.0.1:25520"), Optional.empty()));
    assertThat(rto("drain", "a:1", "--join", "b:2")).isZero();
    assertThat(operations.asked)
        .isEqualTo(
            new Operations.Control(Operations.Action.DRAIN, cluster("b:2"), Optional.of("a:1")));
  }

  @Test
  void clusterThatSpeaksTlsIsShownThreeFiles() {
    assertThat(rto("status", "--tls", "c.pem,k.pem,ca.pem")).isZero();
    assertThat(((Operations.Control) operations.asked).cluster().tls())
        .containsExactly("tls.certificate=c.pem", "tls.key=k.pem", "tls.ca=ca.pem");
    assertThat(rto("status", "--tls", "c.pem")).isEqualTo(2);
    assertThat(err.toString()).contains("tls: c.pem (expected: CERTIFICATE,KEY,CA)");
  }

  private static Operations.Cluster cluster(String... nodes) {
    return new Operations.Cluster(List.of(nodes), List.of());
  }
}
