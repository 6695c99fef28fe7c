package rto.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import rto.node.settings.ConfigMistakes;
import rto.protocol.Require;
import rto.tensor.ComputeDevice;
import rto.train.Resources;
import rto.train.RunFolder;
import rto.train.RunSettings;

/** What this process computes on. */
final class Devices {

  private static final String KEY = "resources.devices";

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
        problems.add(KEY + ": " + missing.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
    resources.mainDevice().useByDefault();
    try {
      settings.model().computeType().requireSupported();
    } catch (IllegalArgumentException unsupported) {
      throw new ConfigMistakes(List.of("model." + unsupported.getMessage()));
    }
  }

  /**
   * To be called before this process takes part in a run.
   *
   * @param folder the run's; a new one may stay on any kind
   * @throws IllegalArgumentException naming both kinds, if the run began on the other one
   */
  static void requireKindOf(RunFolder folder, Resources resources) {
    if (Files.exists(folder.config())) {
      Config begun = ConfigFactory.parseFile(folder.config().toFile());
      String there = begun.hasPath(KEY) ? kind(begun.getStringList(KEY)) : ComputeDevice.CPU.kind();
      Require.that(
          resources.mainDevice().kind().equals(there),
          "%s: %s (expected: %s, which the run in %s began on; the other kind rounds differently)",
          KEY,
          resources.devices(),
          there,
          folder.root());
    }
  }

  /** One that no process has by now, for a command that has a single model. */
  static void choose(ComputeDevice device) {
    device.requireAvailable();
    device.useByDefault();
  }

  private static String kind(List<String> devices) {
    return new ComputeDevice(devices.get(0)).kind();
  }
}
