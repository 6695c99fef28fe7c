package rto.node;

import java.util.ArrayList;
import java.util.List;
import rto.node.settings.ConfigMistakes;
import rto.tensor.ComputeDevice;
import rto.train.Resources;
import rto.train.RunSettings;

/** What this process computes on. */
final class Devices {

  private Devices() {}

  /**
   * To be called before tensors are made for a run, after libtorch's threads are set.
   *
   * @throws ConfigMistakes naming each device that is not there, or numbers that this processor
   *     does not multiply
   */
  static void choose(RunSettings settings) {
    Resources resources = settings.resources();
    List<String> problems = new ArrayList<>();
    for (String name : resources.devices()) {
      try {
        new ComputeDevice(name).requireAvailable();
      } catch (IllegalArgumentException missing) {
        problems.add("resources.devices: " + missing.getMessage());
      }
    }
    try {
      settings.model().computeType().requireSupported();
    } catch (IllegalArgumentException unsupported) {
      problems.add("model." + unsupported.getMessage());
    }
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
    resources.mainDevice().useByDefault();
  }
}
