package rto.node.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Checks of what was typed, before anything is loaded. */
final class Arguments {

  private Arguments() {}

  static Path folder(CommandSpec spec, String name, Path path) {
    require(Files.isDirectory(path), spec, name, path, "an existing folder");
    return path;
  }

  static Path newFolder(CommandSpec spec, String name, Path path) {
    require(!Files.exists(path), spec, name, path, "a folder that is not there yet");
    return path;
  }

  static Path file(CommandSpec spec, String name, Path path) {
    require(Files.isRegularFile(path), spec, name, path, "an existing file");
    return path;
  }

  /** Where the run of a file lives, if nothing else is said. */
  static Path folderFor(Path config) {
    return Path.of("runs", config.getFileName().toString().replaceFirst("\\.[^.]+$", ""));
  }

  /** A name that can be a folder's, and stays within its parent. */
  static String name(CommandSpec spec, String option, String name) {
    require(
        name.matches("[A-Za-z0-9_][A-Za-z0-9._-]*"), spec, option, name, "letters, digits, . _ -");
    return name;
  }

  static int positive(CommandSpec spec, String name, int value) {
    require(value > 0, spec, name, value, "> 0");
    return value;
  }

  static List<String> overrides(CommandSpec spec, List<String> overrides) {
    for (String override : overrides) {
      require(override.indexOf('=') > 0, spec, "override", override, "key=value");
    }
    return List.copyOf(overrides);
  }

  /** Overrides of what all runs of a comparison share: each run has its own seed. */
  static List<String> shared(CommandSpec spec, List<String> overrides) {
    for (String override : overrides(spec, overrides)) {
      require(
          !key(override).equals("seed"),
          spec,
          "override",
          override,
          "--seeds N, and compare.first-seed=N for the first of them");
    }
    return List.copyOf(overrides);
  }

  /** Overrides that do not change a run's result. */
  static List<String> resources(CommandSpec spec, List<String> overrides) {
    for (String override : overrides(spec, overrides)) {
      require(
          key(override).startsWith("resources."),
          spec,
          "override",
          override,
          "resources.KEY=VALUE; every other setting is part of the run");
    }
    return List.copyOf(overrides);
  }

  /** What stands before the equals sign. */
  static String key(String override) {
    return override.substring(0, override.indexOf('=')).strip();
  }

  private static void require(
      boolean holds, CommandSpec spec, String name, Object value, String expected) {
    if (!holds) {
      throw new ParameterException(
          spec.commandLine(), "%s: %s (expected: %s)".formatted(name, value, expected));
    }
  }
}
