package rto.node;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rto.checkpoint.WholeFile;
import rto.metrics.MetricsLog;
import rto.train.RunFolder;

/**
 * Which versions of the program have led a run, that is, made its models and learned: {@code
 * programs.json} in its folder, the one that began it first. Workers and scorers of another version
 * are not noted. A newer one may go on with the run, but the result need not be, to the bit, that
 * of a run which one version makes alone, and that is said.
 */
final class ProgramsOfRun {

  /** The stage of the entry that the metrics have of each version but the first. */
  static final String STAGE = "program";

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final Path metrics;

  ProgramsOfRun(RunFolder folder) {
    this.file = folder.root().resolve("programs.json");
    this.metrics = folder.metrics();
  }

  /**
   * To be called before the run is begun or gone on with.
   *
   * @param err is told, once, of a version that is new to a run which others have worked on
   * @throws IOException naming the file if it is damaged
   */
  void workedOnBy(ProgramVersion now, MetricsLog log, PrintStream err) throws IOException {
    List<ProgramVersion> programs = new ArrayList<>(soFar());
    if (programs.contains(now)) {
      return;
    }
    if (!programs.isEmpty()) {
      err.println(warning(programs.get(0), now));
      log.append(new MetricsLog.Entry(STAGE, programs.size(), Map.of()));
    }
    programs.add(now);
    WholeFile.write(
        file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(programs) + "\n");
  }

  private List<ProgramVersion> soFar() throws IOException {
    if (Files.exists(file)) {
      return read();
    }
    return MetricsLog.read(metrics).isEmpty() ? List.of() : List.of(ProgramVersion.UNKNOWN);
  }

  private List<ProgramVersion> read() throws IOException {
    try {
      return JSON.readValue(file.toFile(), new TypeReference<List<ProgramVersion>>() {});
    } catch (JsonProcessingException damaged) {
      throw new IOException(
          file + ": not a list of versions (expected: as it was written; deleted, it begins anew)",
          damaged);
    }
  }

  private static String warning(ProgramVersion began, ProgramVersion now) {
    return "rto: warning: the run was begun by another version of the program ("
        + began
        + ") than this one ("
        + now
        + "): its digest need not be that of a run which one version makes alone";
  }
}
