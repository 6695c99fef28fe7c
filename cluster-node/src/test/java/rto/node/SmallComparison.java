package rto.node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import rto.metrics.Progress;
import rto.node.cli.Operations.Compare;

/** Comparisons with models of a few thousand parameters, and what they leave in their folders. */
final class SmallComparison {

  private SmallComparison() {}

  /** Compares all arms of the file; what is printed. */
  static String compare(Path file, Path folder, int parallel, Progress progress, String... more)
      throws Exception {
    var printed = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    new Program(out, progress)
        .compare(new Compare(file, folder, List.of(), OptionalInt.empty(), parallel, small(more)));
    return printed.toString(StandardCharsets.UTF_8);
  }

  /** Only one arm, of one seed. */
  static void compareOne(Path file, Path folder, String arm) throws Exception {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
    new Program(out, Progress.silent())
        .compare(new Compare(file, folder, List.of(arm), OptionalInt.of(1), 1, small()));
  }

  /** Overrides. */
  static List<String> small(String... more) {
    Stream<String> few =
        Stream.of(
            "data.corpus=600",
            "data.held-out=48",
            "preferences.pairs=100",
            "rto.iterations=3",
            "rto.prompts-per-iteration=16");
    return SmallRun.overrides(Stream.concat(few, Stream.of(more)).toArray(String[]::new));
  }

  /** Every outcome by its place, without the time that it took. */
  static Map<String, String> outcomes(Path folder) {
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.filter(p -> p.endsWith("outcome.json")).toList()) {
        found.put(folder.relativize(path).toString(), withoutSeconds(path));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String withoutSeconds(Path json) throws IOException {
    return Files.readString(json)
        .replaceAll("\"seconds\" ?: ?[0-9.E-]+", "")
        .replaceAll("\"title\".*", "");
  }

  static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Files.copy(path, to.resolve(from.relativize(path)));
      }
    }
  }
}
