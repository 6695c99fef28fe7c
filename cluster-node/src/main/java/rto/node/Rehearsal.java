package rto.node;

import akka.actor.typed.ActorSystem;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import rto.metrics.Progress;
import rto.node.cli.RtoCommand;
import rto.node.settings.Settings;

/**
 * Starts what every node starts, and ends. With {@code -XX:ArchiveClassesAtExit} the JVM keeps all
 * classes that it loads meanwhile in a file, from which later starts map them instead of reading
 * and verifying them one by one. The launcher has this done once after a build.
 */
public final class Rehearsal {

  /** So long a rehearsal that comes to no end is waited for. */
  private static final int PATIENCE_MILLIS = 60_000;

  private Rehearsal() {}

  /** Takes an empty folder to work in. */
  public static void main(String[] args) throws Exception {
    endInAnyCase();
    readCommandLine();
    ActorSystem<Void> node = ClusterNode.start(settings(args[0]));
    while (Cluster.get(node).selfMember().status() != MemberStatus.up()) {
      Thread.sleep(20);
    }
    // Nothing here is worth the time that leaving takes.
    Runtime.getRuntime().halt(0);
  }

  private static void readCommandLine() {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    RtoCommand.create(new Program(nowhere, Progress.silent()))
        .setOut(new PrintWriter(nowhere))
        .execute("--help");
  }

  private static NodeSettings settings(String folder) {
    String roles =
        Arrays.stream(NodeRole.values()).map(NodeRole::id).collect(Collectors.joining(","));
    return Settings.load(
        Optional.empty(),
        List.of(
            "roles=[" + roles + "]",
            "port=0",
            "management.port=0",
            "data=\"" + folder + "\"",
            "failure-detection=one-rack"),
        NodeSettings.DEFAULTS,
        NodeSettings.class);
  }

  private static void endInAnyCase() {
    Thread guard = new Thread(Rehearsal::haltLater, "patience");
    guard.setDaemon(true);
    guard.start();
  }

  private static void haltLater() {
    try {
      Thread.sleep(PATIENCE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(1);
  }
}
