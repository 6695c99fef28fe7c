package rto.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import akka.cluster.typed.Cluster;
import akka.cluster.typed.Leave;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.manage.NodeFacts;
import rto.protocol.DeskStatus;
import rto.protocol.RunStatus;

/** What whole nodes on loopback answer over HTTP. */
class ManagementTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path temp;

  private final List<ManagedNode> nodes = new ArrayList<>();

  @AfterEach
  void close() {
    nodes.forEach(ManagedNode::close);
  }

  @Test
  void nodeIsAliveAtOnceAndReadyOnceItIsAMember() {
    int port = FreePort.next();
    ManagedNode worker = start("roles=[rollout]", "port=0", "join=[\"127.0.0.1:" + port + "\"]");
    Awaiting.becomes(PATIENCE, () -> worker.get("/alive").status(), 200);
    assertThat(worker.get("/ready").status()).isEqualTo(503);
    assertThat(worker.get("/ready").body())
        .isEqualTo("member of the cluster: Removed (expected: Up)\n");
    assertThat(worker.get("/metrics").gauge("rto_members_up")).contains(0.0);

    ManagedNode learner = start("roles=[learner]", "port=" + port);
    Awaiting.becomes(PATIENCE, () -> worker.get("/ready").status(), 200);
    Awaiting.becomes(
        PATIENCE, () -> worker.get("/metrics").gauge("rto_members_up"), Optional.of(2.0));
    assertThat(worker.get("/metrics").gauge("rto_members_unreachable")).contains(0.0);
    assertThat(worker.get("/metrics").gauge("rto_resident_bytes").orElseThrow())
        .isGreaterThan(1 << 20);
    assertThat(worker.get("/metrics").gauge("rto_native_bytes").orElseThrow())
        .isGreaterThan(1 << 20);
    assertThat(worker.get("/metrics").gauge("rto_open_arrays").orElseThrow())
        .isGreaterThanOrEqualTo(0);
    assertThat(worker.get("/metrics").body()).contains("jvm_memory_used_bytes{area=\"heap\"");

    Awaiting.becomes(PATIENCE, () -> learner.get("/metrics").gauge("rto_run_on"), Optional.of(0.0));
    assertThat(learner.get("/metrics").gauge("rto_tasks_open")).contains(0.0);
    assertThat(worker.get("/metrics").body()).as("nothing twice").doesNotContain("rto_tasks_");
  }

  @Test
  void nodeThatLeavesIsNotReady() {
    ManagedNode node = start("roles=[rollout]", "port=0");
    Awaiting.becomes(PATIENCE, () -> node.get("/ready").status(), 200);

    var cluster = Cluster.get(node.system());
    cluster.manager().tell(Leave.create(cluster.selfMember().address()));
    Awaiting.becomes(PATIENCE, () -> node.get("/ready").status() == 200, false);
  }

  @Test
  void learnerWithoutItsJournalIsNotReady() throws Exception {
    int port = FreePort.next();
    Child journal = serveJournal(port);
    ManagedNode learner =
        start("roles=[learner]", "port=0", "journal.type=h2-server", "journal.port=" + port);
    Awaiting.becomes(PATIENCE, () -> learner.get("/ready").status(), 200);
    // A desk that still reads its journal would end the node when that is lost.
    Awaiting.becomes(PATIENCE, () -> learner.get("/metrics").gauge("rto_run_on"), Optional.of(0.0));

    journal.kill();
    Awaiting.becomes(PATIENCE, () -> learner.get("/ready").status(), 503);
    assertThat(learner.get("/ready").body()).startsWith("journal: ");
    assertThat(learner.get("/alive").status()).isEqualTo(200);

    try (Child again = serveJournal(port)) {
      Awaiting.becomes(PATIENCE, () -> learner.get("/ready").status(), 200);
      assertThat(again.isAlive()).isTrue();
    }
  }

  private Child serveJournal(int port) throws Exception {
    String folder = temp.resolve("served").toString();
    String[] command = {"journal", "serve", "--data", folder, "--port", Integer.toString(port)};
    Child journal = Child.rto(List.of(command), Map.of());
    Awaiting.becomes(
        PATIENCE, () -> journal.said().contains("journal: 127.0.0.1:" + port + " serves"), true);
    return journal;
  }

  @Test
  void nodeWhoseRoomsCannotServeTheRunIsNotReadyAndSaysWhy() {
    ManagedNode node = start("roles=[rollout]", "port=0");
    Awaiting.becomes(PATIENCE, () -> node.get("/ready").status(), 200);

    NodeFacts.of(node.system()).roomsAreMissing("run a: its models are being loaded");
    assertThat(node.get("/ready").status()).isEqualTo(503);
    assertThat(node.get("/ready").body()).isEqualTo("run a: its models are being loaded\n");
    NodeFacts.of(node.system()).roomsAreThere();
    assertThat(node.get("/ready").status()).isEqualTo(200);
  }

  @Test
  void nodeWithTheDeskAloneCountsTasks() {
    ManagedNode node = start("roles=[rollout]", "port=0");
    Awaiting.becomes(PATIENCE, () -> node.get("/alive").status(), 200);

    // Three iterations of 8 tasks are learned and 6 of the fourth's tasks are in: 3 · 8 + 6 = 30.
    var run = new RunStatus("a", "rolling-out", 3, 40, 6, 8, 2, 1, "", Map.of(), "");
    NodeFacts.of(node.system())
        .deskIsHere(
            new DeskStatus(
                "a", "{}", "b", DeskStatus.Stage.NONE, Optional.of(run), Optional.empty()));
    var metrics = node.get("/metrics");
    assertThat(metrics.gauge("rto_run_on")).contains(1.0);
    assertThat(metrics.gauge("rto_tasks_open")).contains(2.0);
    assertThat(metrics.gauge("rto_tasks_waiting")).contains(1.0);
    assertThat(metrics.gauge("rto_tasks_confirmed")).contains(30.0);
    assertThat(metrics.gauge("rto_policy_version")).contains(3.0);

    NodeFacts.of(node.system()).deskIsElsewhere();
    assertThat(node.get("/metrics").body()).doesNotContain("rto_tasks_", "rto_run_on");
  }

  @Test
  void nodeThatCannotHaveItsPortLeaves() throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      ManagedNode node =
          ManagedNode.start(
              "", List.of("roles=[rollout]", "port=0", "management.port=" + taken.getLocalPort()));
      nodes.add(node);
      assertThat(node.system().getWhenTerminated().toCompletableFuture()).succeedsWithin(PATIENCE);
    }
  }

  @Test
  void nodeOutlivesNonsense() throws Exception {
    ManagedNode node = start("roles=[rollout]", "port=0");
    Awaiting.becomes(PATIENCE, () -> node.get("/ready").status(), 200);
    var random = new Random(1);
    for (int length : new int[] {1, 100, 10_000, 1_000_000}) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      say(node, bytes);
      say(node, ("GET /" + "a".repeat(length) + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes(UTF_8));
    }
    assertThat(node.get("/ready").status()).isEqualTo(200);
  }

  private static void say(ManagedNode node, byte[] bytes) throws IOException {
    int port = node.settings().management().port().orElseThrow();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
    } catch (SocketException hungUp) {
      // as it may
    }
  }

  @Test
  void membersMayBeReadAndNothingMayBeChanged() {
    ManagedNode node = start("roles=[rollout]", "port=0");
    Awaiting.becomes(PATIENCE, () -> node.get("/ready").status(), 200);

    assertThat(node.get("/cluster/members").body()).contains("\"status\":\"Up\"", "rollout");
    String self = Cluster.get(node.system()).selfMember().address().toString();
    String member = "/cluster/members/" + self.replace("akka://", "");
    assertThat(node.ask("DELETE", member).status()).isNotIn(0, 200);
    assertThat(node.ask("PUT", member + "?operation=leave").status()).isNotIn(0, 200);
    assertThat(node.ask("POST", "/cluster/members?address=" + self).status()).isNotIn(0, 200);
    assertThat(node.ask("POST", "/ready").status()).isEqualTo(405);
    assertThat(node.get("/").status()).isEqualTo(404);
    assertThat(node.get("/bootstrap/seed-nodes").status()).as("no discovery").isEqualTo(404);
    Awaiting.holds(Duration.ofSeconds(1), () -> node.get("/ready").status() == 200);
  }

  private ManagedNode start(String... overrides) {
    List<String> all = new ArrayList<>(List.of(overrides));
    all.add("management.port=" + FreePort.next());
    all.add("data=" + temp);
    all.add("failure-detection=one-rack");
    ManagedNode node = ManagedNode.start("", all);
    nodes.add(node);
    return node;
  }
}
