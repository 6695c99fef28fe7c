package rto.chaos;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import rto.checkpoint.WholeFolder;

/**
 * The long run: clusters, one after the other, until so many processes were killed. System
 * properties: {@code rto.chaos.seed}, {@code rto.chaos.kills}, {@code rto.chaos.iterations}, {@code
 * rto.chaos.steps} at most of one run, {@code rto.chaos.folder}, {@code rto.chaos.kinds} (KILLS or
 * ALL). Status 0: all invariants held.
 */
final class ChaosMain {

  private final PrintStream out = System.out;
  private final long seed = Long.getLong("rto.chaos.seed", 1);
  private final int kills = Integer.getInteger("rto.chaos.kills", 200);
  private final int iterations = Integer.getInteger("rto.chaos.iterations", 150);
  private final int staleness = Integer.getInteger("rto.chaos.staleness", 0);
  private final int steps = Integer.getInteger("rto.chaos.steps", 40);
  private final ChaosPlan.Kinds kinds =
      ChaosPlan.Kinds.valueOf(System.getProperty("rto.chaos.kinds", "KILLS"));
  private final Path folder = Path.of(System.getProperty("rto.chaos.folder", "target/chaos"));

  public static void main(String[] args) throws Exception {
    System.exit(new ChaosMain().run() ? 0 : 1);
  }

  boolean run() throws Exception {
    Prepared prepared =
        Prepared.in(
            folder.resolve("prepared-" + iterations + "-" + staleness), iterations, staleness);
    out.println("undisturbed: " + prepared.expected().digest());
    Map<Scenario, List<ChaosReport>> reports = new LinkedHashMap<>();
    long done = 0;
    for (int i = 0; done < kills; i++) {
      Scenario scenario = scenario(seed + i);
      ChaosReport report = disturb(scenario, prepared, seed + i);
      reports.computeIfAbsent(scenario, s -> new ArrayList<>()).add(report);
      done += sum(report.kills());
      if (!report.violations().isEmpty()) {
        out.printf("seed %d, %s:%n", report.seed(), scenario);
        report.violations().stream().limit(10).forEach(out::println);
        out.printf("again: -Drto.chaos.seed=%d%n", report.seed());
        return false;
      }
      out.printf("seed %d: digest equal; %d processes killed so far%n", report.seed(), done);
    }
    reports.forEach(this::print);
    return true;
  }

  /** Three clusters: which one it is, the seed says. */
  private Scenario scenario(long seed) {
    boolean all = kinds == ChaosPlan.Kinds.ALL;
    boolean disk = all && Disk.isPossible();
    return List.of(
            new Scenario(1, 2, 1, false, all, disk),
            new Scenario(2, 2, 1, false, all, disk),
            new Scenario(2, 2, 1, true, all, disk))
        .get((int) Math.floorMod(seed, 3L));
  }

  private ChaosReport disturb(Scenario scenario, Prepared prepared, long seed) throws Exception {
    Path here = folder.resolve("seed-" + seed);
    WholeFolder.delete(here);
    out.printf("seed %d: %s%n", seed, scenario);
    try (ChaosRun run = new ChaosRun(scenario, prepared, here, out)) {
      run.begin();
      return run.disturb(ChaosPlan.random(seed, steps, kinds));
    } catch (Exception failure) {
      out.printf("seed %d failed; again: -Drto.chaos.seed=%d%n", seed, seed);
      throw failure;
    }
  }

  private void print(Scenario scenario, List<ChaosReport> reports) {
    Map<String, Long> kills = new TreeMap<>();
    reports.forEach(report -> report.kills().forEach((role, n) -> kills.merge(role, n, Long::sum)));
    out.printf("%n%s: %d kills %s%n", scenario, sum(kills), kills);
    out.print(Recovery.table(reports.stream().flatMap(r -> r.recoveries().stream()).toList()));
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
