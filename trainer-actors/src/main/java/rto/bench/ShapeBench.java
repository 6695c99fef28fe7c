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
      Calibration machine =
          new Calibrator(crew, CALIBRATION_REPEATS)
              .measure(policy, shape.updateRows(), shape.batch());
      steps.step();
      Bounds bounds = new Bounds(shape, machine);
      List<Measurement> measurements = new ArrayList<>();
      measurements.add(alone(policy, bounds, steps));
      measurements.add(together(policy, bounds, steps));
      measurements.addAll(iteration(bounds, steps));
      return new ShapeReport(
          shape.name(),
          shape.config().parameters(),
          new Work(shape.config()).multiplied(),
          shape.passes().kernels(),
          shape.type(),
          crew.threads() * shape.batch(),
          bounds.stepFloor(),
          machine,
          measurements,
          eager ? new EagerBench(shape, crew.clock()).run(steps) : EagerReport.none());
    }
  }

  private Measurement alone(Decoder policy, Bounds bounds, Timings.Steps steps) {
    try (TextGenerator generator = new TextGenerator(policy, 1)) {
      Decoding decoding = new Decoding(generator, crew, 1, 1);
      return timed("decode, batch 1", decoding, bounds.decodingAlone(decoding.tokens()), steps);
    }
  }

  private Measurement together(Decoder policy, Bounds bounds, Timings.Steps steps) {
    String name = "decode, batch %d x %d".formatted(crew.threads(), shape.batch());
    try (TextGenerator generator = new TextGenerator(policy, shape.batch())) {
      Decoding decoding = new Decoding(generator, crew, crew.threads(), shape.batch());
      return timed(name, decoding, bounds.decoding(decoding.tokens()), steps);
    }
  }

  private Measurement timed(
      String name, Decoding decoding, double boundSeconds, Timings.Steps steps) {
    return Timings.of(name, shape.repeats(), steps, decoding::run)
        .measurement(name, decoding.tokens(), boundSeconds, Double::doubleValue);
  }

  private List<Measurement> iteration(Bounds bounds, Timings.Steps steps) throws IOException {
    try (Iteration iteration = new Iteration(shape, crew)) {
      IterationSize size = iteration.size();
      Timings<Iteration.Times> timings =
          Timings.of("iteration", shape.repeats(), steps, iteration::run);
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
