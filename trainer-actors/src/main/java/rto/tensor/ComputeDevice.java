package rto.tensor;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.StandardCapabilities;
import ai.djl.util.cuda.CudaUtils;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import rto.protocol.Require;

/**
 * Where tensors are: {@code cpu}, or {@code gpu:0} and on. A thread has one, on which every scope
 * that it opens makes its tensors; threads that were not given one share the process's.
 *
 * @param name as in a config
 */
public record ComputeDevice(String name) {

  private static final Pattern NAME = Pattern.compile("cpu|gpu:(\\d{1,3})");

  /** The processor. */
  public static final ComputeDevice CPU = new ComputeDevice("cpu");

  private static final ThreadLocal<ComputeDevice> OF_THREAD = new ThreadLocal<>();
  private static volatile ComputeDevice ofProcess = CPU;

  public ComputeDevice {
    Require.that(isName(name), "device: %s (expected: cpu, or gpu: and a number)", name);
  }

  /** Whether a device may be called so, be it there or not. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** That of this thread. */
  public static ComputeDevice current() {
    ComputeDevice own = OF_THREAD.get();
    return own == null ? ofProcess : own;
  }

  /** That of all threads that were not given one of their own. */
  public static ComputeDevice ofProcess() {
    return ofProcess;
  }

  /** Becomes that of all threads that were not given one of their own. */
  public void useByDefault() {
    ofProcess = this;
  }

  /** Becomes this thread's. */
  void useHere() {
    OF_THREAD.set(this);
  }

  public boolean isCpu() {
    return equals(CPU);
  }

  /** {@code cpu} or {@code gpu}: devices of one kind round alike, or are meant to. */
  public String kind() {
    return isCpu() ? name : "gpu";
  }

  /** What all programs hold of a GPU's memory, in bytes; NaN of the processor, whose is shared. */
  public double usedBytes() {
    return isCpu() ? Double.NaN : CudaUtils.getGpuMemory(djl()).getCommitted();
  }

  /** All that this process can compute on: a GPU needs a libtorch that is built for it. */
  public static List<ComputeDevice> available() {
    Engine engine = Torch.engine();
    int gpus = engine.hasCapability(StandardCapabilities.CUDA) ? engine.getGpuCount() : 0;
    List<ComputeDevice> all = new ArrayList<>(List.of(CPU));
    IntStream.range(0, gpus).mapToObj(i -> new ComputeDevice("gpu:" + i)).forEach(all::add);
    return all;
  }

  /**
   * Finds out whether the device is there. For the processor libtorch need not be loaded.
   *
   * @throws IllegalArgumentException naming the devices that are there
   */
  public void requireAvailable() {
    if (!isCpu()) {
      List<String> there = available().stream().map(ComputeDevice::name).toList();
      Require.that(there.contains(name), "device: %s (expected: one of %s)", name, there);
    }
  }

  /** As DJL has it. */
  Device djl() {
    Matcher parts = NAME.matcher(name);
    return parts.matches() && parts.group(1) != null
        ? Device.gpu(Integer.parseInt(parts.group(1)))
        : Device.cpu();
  }

  @Override
  public String toString() {
    return name;
  }
}
