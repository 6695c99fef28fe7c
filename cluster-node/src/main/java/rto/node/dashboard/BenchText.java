package rto.node.dashboard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import rto.bench.Agreement;
import rto.bench.BenchReport;
import rto.bench.Calibration;
import rto.bench.Comparison;
import rto.bench.EagerReport;
import rto.bench.Machine;
import rto.bench.MatmulPath;
import rto.bench.Measurement;
import rto.bench.Rate;
import rto.bench.ShapeReport;
import rto.bench.Spread;

/** What {@code rto bench} found, for the console. */
public final class BenchText {

  private static final double GIGA = 1e9;
  private static final double MICRO = 1e-6;
  private static final double MIB = 1 << 20;

  private BenchText() {}

  public static String of(BenchReport report) {
    List<String> parts = new ArrayList<>(List.of(machine(report.machine())));
    report.shapes().forEach(shape -> parts.add(shape(shape)));
    parts.add(legend());
    return String.join(System.lineSeparator(), parts);
  }

  static String machine(Machine m) {
    return lines(
        "%s, %d cores, %s".formatted(m.processor(), m.cores(), m.system()),
        "device: " + m.device(),
        "time: " + m.clock().name().toLowerCase(Locale.ROOT),
        "libtorch %s, %d compute threads with %d intra-op threads each; Java %s; %s"
            .formatted(m.libtorch(), m.computeThreads(), m.torchThreads(), m.java(), m.date()));
  }

  private static String shape(ShapeReport shape) {
    Calibration machine = shape.calibration();
    return lines(
        "%s: %,d parameters, P = %,d multiplied, kernels %s, %s, %d trajectories per iteration"
            .formatted(
                shape.name(),
                shape.parameters(),
                shape.multiplied(),
                shape.kernels().toString().toLowerCase(Locale.ROOT),
                shape.type().toString().toLowerCase(Locale.ROOT),
                shape.trajectories()),
        "",
        ConsoleTable.align(rates(machine)),
        "memory %s GB/s by one thread, %s by all; a call %s us, in it a product %s us, an operator %s us"
            .formatted(
                figure(machine.bandwidthOfOne().median() / GIGA),
                figure(machine.bandwidthOfAll().median() / GIGA),
                figure(machine.callSeconds().median() / MICRO),
                figure(machine.productSeconds().median() / MICRO),
                figure(machine.operatorSeconds().median() / MICRO)),
        "",
        ConsoleTable.align(measurements(shape.measurements())),
        "a decoding step of one sequence cannot take less than %s us: its call, products and operators"
            .formatted(figure(shape.stepFloor() / MICRO)),
        "at the cost of the least, and reading its weights",
        eager(shape.eager()));
  }

  private static String eager(EagerReport eager) {
    if (eager.comparisons().isEmpty()) {
      return "";
    }
    return lines(
        "",
        "beside plain float32 eager execution, on one compute thread; %s tokens a response"
            .formatted(figure(eager.meanLength())),
        "",
        ConsoleTable.align(comparisons(eager.comparisons())),
        ConsoleTable.align(agreements(eager.agreements())));
  }

  private static List<List<String>> comparisons(List<Comparison> comparisons) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("tokens/s", "ours", "eager", "times", "min .. max"));
    comparisons.forEach(
        c ->
            rows.add(
                List.of(
                    c.name(),
                    figure(c.tokens() / c.ours().median()),
                    figure(c.tokens() / c.eager().median()),
                    Figures.decimal(c.ratio().median(), 2),
                    Figures.decimal(c.ratio().min(), 2)
                        + " .. "
                        + Figures.decimal(c.ratio().max(), 2))));
    return rows;
  }

  private static List<List<String>> agreements(List<Agreement> agreements) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("largest difference of", "", "tolerance"));
    agreements.forEach(
        a -> rows.add(List.of(a.name(), small(a.difference()), small(a.tolerance()))));
    return rows;
  }

  private static String small(double value) {
    return String.format(Locale.ROOT, "%.1e", value);
  }

  private static List<List<String>> rates(Calibration machine) {
    List<List<String>> rows = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of("GFLOP/s"));
    machine.rates().stream().map(Rate::path).distinct().forEach(path -> head.add(name(path)));
    rows.add(head);
    List<Integer> sizes = machine.rates().stream().map(Rate::rows).distinct().toList();
    for (int size : sizes) {
      List<String> row = new ArrayList<>(List.of(size + " rows"));
      machine.rates().stream()
          .filter(rate -> rate.rows() == size)
          .forEach(rate -> row.add(figure(rate.flops().median() / GIGA)));
      rows.add(row);
    }
    return rows;
  }

  private static String name(MatmulPath path) {
    return path.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static List<List<String>> measurements(List<Measurement> measurements) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of("", "tokens/s", "min .. max", "bound", "share", "seconds", "MiB before", "peak"));
    measurements.forEach(
        m ->
            rows.add(
                List.of(
                    m.name(),
                    figure(m.tokensPerSecond().median()),
                    ends(m.tokensPerSecond()),
                    figure(m.bound()),
                    Figures.percent(m.share().median()),
                    Figures.decimal(m.seconds().median(), 3),
                    figure(m.residentBefore() / MIB),
                    figure(m.residentPeak() / MIB))));
    return rows;
  }

  private static String legend() {
    return lines(
        "Medians. The bound is what the machine could do if it did nothing but multiply by the P",
        "weights (training 6 P flop per token, else 2 P; a head only where it is read) at the rate of",
        "the shape's kernels above, or, one sequence alone, read them from memory. Both are measured",
        "again before each run that is held against them. The bound of an iteration is the sum of its",
        "parts'. Its tokens, and those of scoring and updates, are prompts and responses without",
        "padding; elsewhere they are those sampled.");
  }

  private static String ends(Spread spread) {
    return figure(spread.min()) + " .. " + figure(spread.max());
  }

  /** 12,345 / 123 / 12.3. */
  static String figure(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 100 ? "%.1f" : "%,.0f", value);
  }

  static String lines(String... lines) {
    return Arrays.stream(lines).collect(Collectors.joining(System.lineSeparator()))
        + System.lineSeparator();
  }
}
