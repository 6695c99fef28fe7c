package rto.simulation;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import rto.protocol.RolloutTask;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;

/** Notes what it samples. */
public final class CountingPolicy extends HashingPolicy {

  private final List<TaskId> sampled = new CopyOnWriteArrayList<>();

  @Override
  public List<Trajectory> sample(RolloutTask task) {
    sampled.add(task.id());
    return super.sample(task);
  }

  public List<TaskId> sampled() {
    return sampled;
  }
}
