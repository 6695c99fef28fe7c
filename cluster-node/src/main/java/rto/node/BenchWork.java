package rto.node;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import rto.bench.Bench;
import rto.bench.BenchReport;
import rto.bench.BenchShape;
import rto.bench.Endurance;
import rto.bench.EnduranceReport;
import rto.metrics.Progress;
import rto.node.cli.Operations;
import rto.node.dashboard.BenchJson;
import rto.node.dashboard.BenchText;
import rto.node.dashboard.EnduranceText;

/** What {@code rto bench} does. */
record BenchWork(Progress progress, PrintStream out) {

  void run(Operations.Bench options) throws IOException {
    List<BenchShape> shapes = options.shapes().stream().map(name -> shape(name, options)).toList();
    TorchThreads.choose(options.torchThreads());
    Devices.choose(options.device());
    options.computeType().requireSupported();
    BenchReport report =
        new Bench(options.computeThreads(), options.clock(), options.eager(), progress).run(shapes);
    out.print(BenchText.of(report));
    if (options.out().isPresent()) {
      write(BenchJson.of(report), options.out().get());
    }
  }

  /**
   * @throws IllegalStateException if the memory did not stay flat
   */
  void endure(Operations.Endurance options) throws IOException {
    EnduranceReport report = new Endurance(options.steps(), progress).run();
    out.print(EnduranceText.of(report));
    if (options.out().isPresent()) {
      write(BenchJson.of(report), options.out().get());
    }
    report.requireFlat();
  }

  private static BenchShape shape(String name, Operations.Bench options) {
    BenchShape shape = BenchShape.named(name).in(options.computeType());
    return options.repeats().isPresent() ? shape.repeated(options.repeats().getAsInt()) : shape;
  }

  private void write(String json, Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    Files.createDirectories(absolute.getParent());
    Files.writeString(absolute, json);
    out.println("figures " + file);
  }
}
