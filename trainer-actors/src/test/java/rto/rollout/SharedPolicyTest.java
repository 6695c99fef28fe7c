package rto.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import rto.checkpoint.ScratchFile;
import rto.protocol.RolloutTask;
import rto.protocol.TaskId;
import rto.protocol.Trajectory;
import rto.protocol.WeightsRef;
import rto.simulation.Hashes;
import rto.simulation.HashingPolicy;
import rto.simulation.Snapshots;
import rto.simulation.Tasks;

class SharedPolicyTest {

  private final List<String> calls = new ArrayList<>();
  private boolean broken = false;
  private final SharedPolicy policy = new SharedPolicy(new RecordingPolicy());

  @Test
  void weightsAreInstalledOnlyWhenTheyChange() {
    policy.sample(task(0), snapshot(0));
    policy.sample(task(0), snapshot(0));
    policy.sample(task(1), snapshot(1));

    assertThat(calls).containsExactly("install 0", "sample", "sample", "install 1", "sample");
  }

  @Test
  void engineThatThrewGetsItsWeightsAnew() {
    policy.sample(task(0), snapshot(0));
    broken = true;
    assertThatThrownBy(() -> policy.sample(task(0), snapshot(0))).hasMessage("broken");
    broken = false;
    calls.clear();

    policy.sample(task(0), snapshot(0));

    assertThat(calls).containsExactly("install 0", "sample");
  }

  private final class RecordingPolicy extends HashingPolicy {

    @Override
    public void install(WeightsRef ref, ScratchFile snapshot) {
      calls.add("install " + ref.version());
      super.install(ref, snapshot);
    }

    @Override
    public List<Trajectory> sample(RolloutTask task) {
      calls.add("sample");
      if (broken) {
        throw new IllegalStateException("broken");
      }
      return super.sample(task);
    }
  }

  private static RolloutTask task(int version) {
    var ref = new WeightsRef(version, Hashes.sha256(bytes(version)), 1);
    return Tasks.task("run", new TaskId(version, 0), ref);
  }

  private static ScratchFile snapshot(int version) {
    return Snapshots.of(bytes(version));
  }

  private static byte[] bytes(int version) {
    return new byte[] {(byte) version};
  }
}
