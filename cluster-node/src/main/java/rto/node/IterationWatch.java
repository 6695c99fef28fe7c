package rto.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import rto.metrics.MetricNames;
import rto.metrics.MetricsLog;
import rto.metrics.ProcessMemory;
import rto.metrics.Progress;
import rto.protocol.RunEvent.IterationLearned;
import rto.run.RunObserver;
import rto.tensor.ComputeDevice;
import rto.tensor.Torch;

/** Shows and logs each learned iteration. What the log has from before a restart stays. */
final class IterationWatch implements RunObserver {

  /** What the progress line shows; metrics.jsonl has everything. */
  private static final Set<String> GLANCE =
      Set.of(
          MetricNames.REWARD.key(),
          MetricNames.KL.key(),
          MetricNames.LENGTH.key(),
          MetricNames.TOKENS_PER_SECOND.key());

  private static final double MIB = 1 << 20;

  private final int trajectories;
  private final MetricsLog metrics;
  private final Progress.Stage shown;
  private final Set<Long> logged;
  private long last = System.nanoTime();

  /**
   * @param trajectories per iteration
   * @param file where {@code metrics} writes
   */
  IterationWatch(int trajectories, MetricsLog metrics, Path file, Progress.Stage shown)
      throws IOException {
    this.trajectories = trajectories;
    this.metrics = metrics;
    this.shown = shown;
    this.logged =
        MetricsLog.read(file).stream()
            .filter(entry -> entry.stage().equals(PolicyStage.STAGE))
            .map(MetricsLog.Entry::step)
            .collect(Collectors.toSet());
  }

  @Override
  public void learned(IterationLearned event, boolean replayed) {
    Map<String, Double> numbers = new HashMap<>(event.metrics());
    long now = System.nanoTime();
    if (!replayed) {
      double tokens = numbers.get(MetricNames.LENGTH.key()) * trajectories;
      numbers.put(MetricNames.TOKENS_PER_SECOND.key(), tokens * 1e9 / (now - last));
      numbers.putAll(held());
    }
    last = now;
    log(event.iteration(), numbers);
    shown.step(event.iteration() + 1L, glance(numbers));
  }

  /** What this process holds now, where the system tells. */
  private static Map<String, Double> held() {
    Map<String, Double> numbers = new HashMap<>();
    numbers.put(MetricNames.RESIDENT_MEMORY.key(), ProcessMemory.resident() / MIB);
    numbers.put(MetricNames.NATIVE_MEMORY.key(), ProcessMemory.nativeHeap() / MIB);
    numbers.put(MetricNames.DEVICE_MEMORY.key(), ComputeDevice.ofProcess().usedBytes() / MIB);
    numbers.put(MetricNames.JAVA_HEAP.key(), ProcessMemory.javaHeap() / MIB);
    numbers.put(MetricNames.OPEN_TENSORS.key(), (double) Torch.openArrays());
    numbers.values().removeIf(number -> number.isNaN());
    return numbers;
  }

  /** Those of an iteration's numbers that its progress line shows. */
  static Map<String, Double> glance(Map<String, Double> numbers) {
    Map<String, Double> glance = new HashMap<>(numbers);
    glance.keySet().retainAll(GLANCE);
    return glance;
  }

  /** A replayed iteration has lost its tokens per second; its line in the log has not. */
  private void log(long iteration, Map<String, Double> numbers) {
    if (!logged.add(iteration)) {
      return;
    }
    try {
      metrics.append(new MetricsLog.Entry(PolicyStage.STAGE, iteration, numbers));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  @Override
  public void finished(String digest) {}

  @Override
  public void failed(String reason) {}
}
