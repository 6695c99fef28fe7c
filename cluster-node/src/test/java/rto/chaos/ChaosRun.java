package rto.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import rto.chaos.ChaosPlan.Pace;
import rto.chaos.ChaosPlan.Step;
import rto.chaos.Fault.FillDisk;
import rto.chaos.invariant.Evidence;
import rto.chaos.invariant.Evidence.End;
import rto.chaos.invariant.Invariant;
import rto.node.ClusterDoor;
import rto.node.cluster.ClusterClient;
import rto.protocol.DeskEvent.How;
import rto.protocol.DeskEvent.RunEnded;
import rto.protocol.DeskReply;
import rto.protocol.RunEvent.TrajectoriesAccepted;

/** One run on a cluster of processes, disturbed by a plan, and judged. */
final class ChaosRun implements AutoCloseable {

  private static final String RUN = "run";

  /** Room for the checkpoints that a run keeps. */
  private static final int DISK_MEBIBYTES = 32;

  private final Prepared prepared;
  private final PrintStream out;
  private final Path run;
  private final ClusterDoor.Served journal;
  private final Witness witness;
  private final Household house;
  private final ClusterClient client;
  private final Optional<Disk> disk;
  private final Brake brake;
  private long forgiven = 0;

  /**
   * A cluster in {@code folder}, with nothing to do.
   *
   * @param out is told what is done, one line each
   */
  ChaosRun(Scenario scenario, Prepared prepared, Path folder, PrintStream out) throws Exception {
    this(scenario, prepared, folder, List.of(), out);
  }

  /**
   * As above.
   *
   * @param flags of all nodes' JVMs
   */
  ChaosRun(Scenario scenario, Prepared prepared, Path folder, List<String> flags, PrintStream out)
      throws Exception {
    this.prepared = prepared;
    this.out = out;
    this.run = folder.toAbsolutePath().normalize().resolve(RUN);
    prepared.copyTo(run);
    this.disk =
        scenario.disk()
            ? Optional.of(Disk.mount(run.resolve("checkpoints"), DISK_MEBIBYTES))
            : Optional.empty();
    this.brake = new Brake(run.resolveSibling("brake"));
    this.journal = ClusterDoor.journal(run);
    this.witness = new Witness(journal.connection());
    this.house =
        new Household(
            folder.resolve("logs"),
            scenario.counts(),
            common(),
            journal.environment(),
            Stream.concat(flags.stream(), Stream.of(brake.flag())).toList(),
            scenario.links(),
            address -> died(scenario, address));
    this.client = ClusterDoor.client(house.addresses());
  }

  private List<String> common() {
    List<String> own =
        List.of(
            "--data",
            run.getParent().toString(),
            "one-run=true",
            "failure-detection=one-rack",
            "resources.compute-threads=2",
            "resources.rollout-workers=1");
    return Stream.concat(own.stream(), journal.settings().stream()).toList();
  }

  private void died(Scenario scenario, String address) {
    if (scenario.reports()) {
      client.died(address);
    }
  }

  Household house() {
    return house;
  }

  Witness witness() {
    return witness;
  }

  ClusterClient client() {
    return client;
  }

  /** From now on the run is slow, until the last disturbance is done. */
  ChaosRun slowly() throws IOException {
    brake.on();
    return this;
  }

  /** Starts the cluster and hands the run in; returns when a task has been accepted. */
  void begin() throws Exception {
    house.start();
    submit();
    Patience.await("the first task", () -> accepted() > 0);
  }

  /** Hands the run in, again if it was stopped. */
  void submit() throws InterruptedException {
    String config = ClusterDoor.config(Prepared.CONFIG, prepared.overrides());
    var last = new AtomicReference<>("");
    if (!Patience.holdsWithin(Patience.LONGEST, () -> isTaken(config, last))) {
      throw new IllegalStateException("no desk takes the run: " + last);
    }
  }

  /**
   * @param last holds why not
   */
  private boolean isTaken(String config, AtomicReference<String> last) {
    try {
      DeskReply reply = client.submit(RUN, config);
      last.set(reply.text());
      return reply.accepted();
    } catch (IllegalStateException notYet) {
      last.set(notYet.getMessage());
      return false;
    }
  }

  /** Does all steps while the run is on, waits for its end, and judges it. */
  ChaosReport disturb(ChaosPlan plan) throws Exception {
    var disturbance = new Disturbance(house, witness, run, disk);
    List<Wound> open = new ArrayList<>();
    List<Recovery> recoveries = new ArrayList<>();
    int done = 0;
    for (Step step : plan.steps()) {
      if (step.pace() != Pace.HURRIED) {
        recoveries.addAll(heal(open, plan));
        long before = accepted();
        Patience.await("tasks", () -> accepted() >= before + step.tasks() || isOver());
      }
      if (step.pace() == Pace.STOOD_IN && house.names("learner").size() > 1) {
        Patience.await("a learner that stands by", () -> house.standsBy().isPresent() || isOver());
      }
      Thread.sleep(step.millis());
      if (isOver()) {
        break;
      }
      done++;
      List<Wound> wounds = disturbance.inflict(step.fault());
      out.printf("%3d. %s: %s, %s%n", done, step, names(wounds), LocalTime.now());
      if (step.fault() instanceof FillDisk) {
        goOnWithSpace();
      }
      // Of two at once neither is measured.
      open.replaceAll(wound -> wound.withMeasured(false));
      wounds.forEach(
          wound -> open.add(wound.withMeasured(step.pace() != Pace.HURRIED && wounds.size() == 1)));
    }
    recoveries.addAll(heal(open, plan));
    brake.off();
    Patience.await("the end of the run", this::isOver);
    return new ChaosReport(plan.seed(), done, violations(), recoveries, house.deaths());
  }

  /** That the disk was full may have ended the run: with space it is handed in again. */
  private void goOnWithSpace() throws InterruptedException {
    Optional<RunEnded> end = end();
    if (end.filter(ended -> ended.how() == How.FAILED).isPresent()) {
      out.printf("     the run ended: %s%n", end.get().text());
      forgiven++;
      submit();
    }
  }

  private List<Recovery> heal(List<Wound> open, ChaosPlan plan) throws InterruptedException {
    List<Recovery> healed = new ArrayList<>();
    for (Wound wound : open) {
      Patience.await(
          "recovery from the death of %s; %s".formatted(wound.dead().name(), plan),
          () -> wound.healed(house, witness).isPresent() || isOver());
      OptionalLong when = wound.healed(house, witness);
      if (wound.measured() && when.isPresent()) {
        var recovery = new Recovery(wound.kind(), when.getAsLong() - wound.millis());
        out.printf("     %s: at work again after %d ms%n", wound.dead().name(), recovery.millis());
        healed.add(recovery);
      }
    }
    open.clear();
    return healed;
  }

  long accepted() {
    return witness.of(TrajectoriesAccepted.class, task -> true).count();
  }

  boolean isOver() {
    return end().isPresent();
  }

  /** How the run ended; that a user stopped it is no end. */
  Optional<RunEnded> end() {
    return witness
        .of(RunEnded.class, ended -> ended.how() != How.STOPPED)
        .map(one -> (RunEnded) one.event())
        .skip(forgiven)
        .findFirst();
  }

  /** What does not hold of the run, which is over. */
  List<String> violations() throws IOException {
    List<String> violations = new ArrayList<>();
    end()
        .filter(ended -> ended.how() == How.FAILED)
        .ifPresent(ended -> violations.add("the run failed: " + ended.text()));
    violations.addAll(Invariant.violated(evidence()));
    return violations;
  }

  private Evidence evidence() throws IOException {
    List<End> ends =
        house.deaths().stream()
            .map(
                death ->
                    new End(
                        death.victim().name(),
                        death.victim().pid(),
                        death.status(),
                        death.victim().isDoomed()))
            .toList();
    return new Evidence(prepared.expected(), witness.all(), Prepared.digest(run), ends);
  }

  private static String names(List<Wound> wounds) {
    return String.join(" ", wounds.stream().map(wound -> wound.dead().name()).toList());
  }

  @Override
  public void close() throws SQLException, IOException {
    house.close();
    client.close();
    witness.close();
    journal.close();
    if (disk.isPresent()) {
      disk.get().close();
    }
  }
}
