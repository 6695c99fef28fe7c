package rto.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import rto.lm.Decoder;
import rto.lm.TextGenerator;
import rto.lm.Weights;
import rto.metrics.Progress;

/** All measurements of one shape, the machine's calibration first. */
final class ShapeBench {

  private static final int CALIBRATION_REPEATS = 3;
  private static final int CALIBRATION_STEPS = 1;
  private static final int MEASUREMENTS = 3;
  private static final long SEED = 1;

  private final BenchShape shape;
  private final Crew crew;
  private final boolean eager;

  /**
   * @param eager whether the shape is compared with single operations too
   */
  ShapeBench(BenchShape shape, Crew crew, boolean eager) {
    this.shape = shape;
    this.crew = crew;
    this.eager = eager;
  }

  ShapeReport run(Progress progress) throws IOException {
    long total =
        CALIBRATION_STEPS
            + MEASUREMENTS * (shape.repeats() + 1L)
            + (eager ? EagerBench.steps(shape) : 0);
    try (Progress.Stage shown = progress.begin("bench " + shape.name(), "steps", total);
        Decoder policy = shape.model(shape.config(), Weights.random(shape.config(), SEED))) {
      Timings.Steps steps = new Timings.Steps(shown);
      steps.doing("calibration");
      Calibrator calibrator = new Calibrator(crew, CALIBRATION_REPEATS);
      Yardstick machine =
          new Yardstick(
              calibrator, shape, calibrator.measure(policy, shape.updateRows(), shape.batch()));
      steps.step();
      List<Measurement> measurements = new ArrayList<>();
      measurements.add(alone(policy, machine, steps));
      measurements.add(together(policy, machine, steps));
      measurements.addAll(iteration(machine, steps));
      return new ShapeReport(
          shape.name(),
          shape.config().parameters(),
          new Work(shape.config()).multiplied(),
          shape.passes().kernels(),
          shape.type(),
          crew.threads() * shape.batch(),
          new Bounds(shape, machine.machine()).stepFloor(),
          machine.machine(),
          measurements,
          eager ? new EagerBench(shape, crew.clock()).run(steps) : EagerReport.none());
    }
  }

  private Measurement alone(Decoder policy, Yardstick machine, Timings.Steps steps) {
    String name = "decode, batch 1";
    try (TextGenerator generator = new TextGenerator(policy, 1)) {
      Decoding decoding = new Decoding(generator, crew, 1, 1);
      Timings<Double> timings =
          Timings.of(name, shape.repeats(), steps, machine::read, decoding::run);
      double bound = new Bounds(shape, machine.machine()).decodingAlone(decoding.tokens());
      return timings.measurement(name, decoding.tokens(), bound, Double::doubleValue);
    }
  }

  private Measurement together(Decoder policy, Yardstick machine, Timings.Steps steps) {
    String name = "decode, batch %d x %d".formatted(crew.threads(), shape.batch());
    try (TextGenerator generator = new TextGenerator(policy, shape.batch())) {
      Decoding decoding = new Decoding(generator, crew, crew.threads(), shape.batch());
      Runnable before = () -> machine.multiply(shape.batch());
      Timings<Double> timings = Timings.of(name, shape.repeats(), steps, before, decoding::run);
      double bound = new Bounds(shape, machine.machine()).decoding(decoding.tokens());
      return timings.measurement(name, decoding.tokens(), bound, Double::doubleValue);
    }
  }

  private List<Measurement> iteration(Yardstick machine, Timings.Steps steps) throws IOException {
    try (Iteration iteration = new Iteration(shape, crew)) {
      IterationSize size = iteration.size();
      Runnable before = () -> machine.multiply(shape.updateRows());
      Timings<Iteration.Times> timings =
          Timings.of("iteration", shape.repeats(), steps, before, iteration::run);
      Bounds bounds = new Bounds(shape, machine.machine());
      double sampling = bounds.sampling(size);
      double scoring = bounds.scoring(size);
      double update = bounds.update(size);
      return List.of(
          timings.measurement("sampling", size.responses(), sampling, Iteration.Times::sampling),
          timings.measurement("scoring", size.all(), scoring, Iteration.Times::scoring),
          timings.measurement("update", size.all(), update, Iteration.Times::update),
          timings.measurement(
              "iteration", size.all(), sampling + scoring + update, Iteration.Times::all));
    }
  }
}
