package rto.node.cluster;

import java.util.Map;
import rto.metrics.Progress;
import rto.protocol.DeskStatus;

/** Remembers which stage is in work and how far it is; written by one thread, read by others. */
final class StageWatch implements Progress {

  private volatile DeskStatus.Stage now = DeskStatus.Stage.NONE;

  DeskStatus.Stage now() {
    return now;
  }

  @Override
  public Stage begin(String stage, String unit, long total) {
    now = new DeskStatus.Stage(stage, unit, 0, total);
    return new Stage() {
      @Override
      public void step(long done, Map<String, Double> numbers) {
        now = new DeskStatus.Stage(stage, unit, done, total);
      }

      @Override
      public void close() {
        now = DeskStatus.Stage.NONE;
      }
    };
  }
}
