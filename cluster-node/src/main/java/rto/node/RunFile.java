package rto.node;

import java.nio.file.Path;
import java.util.List;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;
import rto.train.DataSource;
import rto.train.ModelSource;
import rto.train.RunSettings;

/**
 * The settings of a run as people write them. A relative path starts at the working directory and
 * is made absolute, so that the run is the same one wherever it is gone on with.
 */
final class RunFile {

  private RunFile() {}

  /**
   * @throws ConfigMistakes with every problem of the file and the overrides
   */
  static RunSettings load(Path file, List<String> overrides) {
    return located(Settings.load(file, overrides, RunSettings.class));
  }

  /** Of a file that has one section more. */
  static RunSettings loadBeside(String section, Path file, List<String> overrides) {
    return located(Settings.loadBeside(section, file, overrides, RunSettings.class));
  }

  private static RunSettings located(RunSettings s) {
    return new RunSettings(
        s.seed(),
        s.torchThreads(),
        model(s.model()),
        data(s.data()),
        s.supervised(),
        s.preferences(),
        s.rewardModel().withPath(s.rewardModel().path().map(RunFile::absolute)),
        s.preferenceLoss(),
        s.dpo(),
        s.rto(),
        s.optimizer(),
        s.evaluationPrompts(),
        s.resources());
  }

  private static ModelSource model(ModelSource model) {
    return model instanceof ModelSource.Checkpoint checkpoint
        ? new ModelSource.Checkpoint(
            absolute(checkpoint.path()), checkpoint.chatTemplate(), checkpoint.computeType())
        : model;
  }

  private static DataSource data(DataSource data) {
    return data instanceof DataSource.Files files
        ? new DataSource.Files(
            absolute(files.promptsFile()),
            absolute(files.heldOutFile()),
            files.demonstrationsFile().map(RunFile::absolute),
            files.preferencesFile().map(RunFile::absolute))
        : data;
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
