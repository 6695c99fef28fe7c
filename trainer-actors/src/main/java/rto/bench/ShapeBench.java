package rto.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import rto.lm.Decoder;
import rto.lm.Kernels;
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

  ShapeBench(BenchShape shape, Crew crew) {
    this.shape = shape;
    this.crew = crew;
  }

  ShapeReport run(Progress progress) throws IOException {
    long total = CALIBRATION_STEPS + MEASUREMENTS * (shape.repeats() + 1L);
    try (Progress.Stage shown = progress.begin("bench " + shape.name(), "steps", total);
        Decoder policy = new Decoder(shape.config(), Weights.random(shape.config(), SEED))) {
      Timings.Steps steps = new Timings.Steps(shown);
      steps.doing("calibration");
      Calibration machine =
          new Calibrator(crew, CALIBRATION_REPEATS)
              .measure(policy, shape.updateRows(), BenchShape.DECODE_BATCH);
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
          Kernels.of(shape.config()),
          crew.threads() * BenchShape.DECODE_BATCH,
          machine,
          measurements);
    }
  }

  private Measurement alone(Decoder policy, Bounds bounds, Timings.Steps steps) {
    Decoding decoding = new Decoding(policy, crew, 1, 1);
    return timed("decode, batch 1", decoding, bounds.decodingAlone(decoding.tokens()), steps);
  }

  private Measurement together(Decoder policy, Bounds bounds, Timings.Steps steps) {
    Decoding decoding = new Decoding(policy, crew, crew.threads(), BenchShape.DECODE_BATCH);
    String name = "decode, batch %d x %d".formatted(crew.threads(), BenchShape.DECODE_BATCH);
    return timed(name, decoding, bounds.decoding(decoding.tokens()), steps);
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
