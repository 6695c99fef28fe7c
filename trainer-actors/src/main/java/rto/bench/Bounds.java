package rto.bench;

import java.util.List;
import rto.lm.DecoderConfig;

/**
 * Seconds that work takes at the least, on a machine that was calibrated.
 *
 * <pre>
 *   decoding alone       bytes of the weights / bandwidth of one thread, per token
 *   decoding in batches  2 P / flop/s at the batch's rows, per token
 *   scoring, prefill     2 (body T + head N) / flop/s at an update's rows
 *   training             3 times that
 * </pre>
 *
 * An iteration's bound is the sum of its parts'.
 */
final class Bounds {

  private final DecoderConfig config;
  private final Work language;
  private final Work scalar;
  private final Calibration machine;
  private final double bytesRead;
  private final double decodeFlops;
  private final double updateFlops;

  Bounds(BenchShape shape, Calibration machine) {
    this.config = shape.config();
    this.language = new Work(shape.config());
    this.scalar = new Work(shape.scalar());
    this.machine = machine;
    this.bytesRead = Work.bytesRead(shape.config(), shape.type());
    List<MatmulPath> paths = shape.paths();
    this.decodeFlops = machine.fastest(paths, shape.batch());
    this.updateFlops = machine.fastest(paths, shape.updateRows());
  }

  double decodingAlone(long tokens) {
    return tokens * bytesRead / machine.bandwidthOfOne().median();
  }

  /**
   * Seconds of one decoding step of one sequence that is nothing but a call, its products as fast
   * as a product by a D×D matrix in the cache, its other operators as fast as the simplest one on a
   * single number, and reading its weights: what a small model cannot be faster than, in this way
   * of calling libtorch.
   */
  double stepFloor() {
    return machine.callSeconds().median()
        + Work.stepProducts(config) * machine.productSeconds().median()
        + Work.stepOperators(config) * machine.operatorSeconds().median()
        + decodingAlone(1);
  }

  double decoding(long tokens) {
    return language.forward(tokens, tokens) / decodeFlops;
  }

  /** Each prompt goes through the policy once, however many responses it gets. */
  double sampling(IterationSize size) {
    return language.forward(size.prompts(), 0) / updateFlops + decoding(size.responses());
  }

  /** By reference and DPO model at every response token, by the reward model at the last one. */
  double scoring(IterationSize size) {
    return (2 * language.forward(size.all(), size.responses())
            + scalar.forward(size.all(), size.trajectories()))
        / updateFlops;
  }

  /** Policy and critic learn, and the critic is asked first. */
  double update(IterationSize size) {
    return (language.training(size.all(), size.responses())
            + scalar.forward(size.all(), size.responses())
            + scalar.training(size.all(), size.responses()))
        / updateFlops;
  }
}
