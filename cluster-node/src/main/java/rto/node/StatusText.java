package rto.node;

import java.io.PrintStream;
import java.util.Locale;
import rto.protocol.ClusterStatus;
import rto.protocol.DeskStatus;
import rto.protocol.RunStatus;

/** What {@code rto status} prints. */
final class StatusText {

  private StatusText() {}

  static void print(ClusterStatus cluster, PrintStream out) {
    out.printf("%-22s %-12s %-10s %s%n", "node", "state", "version", "roles");
    for (ClusterStatus.Node node : cluster.nodes()) {
      String roles = String.join(", ", node.roles());
      out.printf("%-22s %-12s %-10s %s%n", node.address(), node.state(), node.version(), roles);
    }
    cluster.desk().ifPresent(desk -> print(desk, out));
    if (!cluster.waitingFor().isEmpty()) {
      out.println("waiting for " + cluster.waitingFor());
    }
  }

  private static void print(DeskStatus desk, PrintStream out) {
    desk.last()
        .ifPresent(
            last ->
                out.printf(
                    "last run    %s: %s%s%n",
                    last.run(),
                    last.how().name().toLowerCase(Locale.ROOT),
                    last.text().lines().count() == 1 ? ": " + last.text().strip() : ""));
    if (!desk.isOn()) {
      out.println("no run is on");
      return;
    }
    out.println("run         " + desk.run());
    DeskStatus.Stage stage = desk.stage();
    if (!stage.equals(DeskStatus.Stage.NONE)) {
      out.printf(
          "stage       %s, %d/%d %s%n", stage.name(), stage.done(), stage.total(), stage.unit());
    }
    desk.status().ifPresent(run -> print(run, out));
  }

  private static void print(RunStatus run, PrintStream out) {
    out.printf(
        "policy      version %d of %d, %s, %d/%d tasks in%n",
        run.iteration(), run.iterations(), run.phase(), run.tasksDone(), run.tasks());
    if (!run.digest().isEmpty()) {
      out.println("digest      " + run.digest());
    }
    if (!run.waitingFor().isEmpty()) {
      out.println("waiting for " + run.waitingFor());
    }
  }
}
