package rto.node;

import java.util.ArrayList;
import java.util.List;
import rto.node.settings.ConfigMistakes;
import rto.tensor.ComputeDevice;
import rto.train.Resources;

/** What this process computes on. */
final class Devices {

  private Devices() {}

  /**
   * To be called before tensors are made for a run, after libtorch's threads are set.
   *
   * @throws ConfigMistakes naming each device that is not there
   */
  static void choose(Resources resources) {
    List<String> problems = new ArrayList<>();
    for (String name : resources.devices()) {
      try {
        new ComputeDevice(name).requireAvailable();
      } catch (IllegalArgumentException missing) {
        problems.add("resources.devices: " + missing.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
    resources.mainDevice().useByDefault();
  }
}
