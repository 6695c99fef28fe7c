package rto.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.MetricsLog;
import rto.train.RunFolder;

class ProgramsOfRunTest {

  private static final ProgramVersion OLD = new ProgramVersion("1.0", "2.7.1", "aaaabbbbccccdddd");
  private static final ProgramVersion NEW = new ProgramVersion("1.0", "2.7.1", "eeeeffff00001111");

  @TempDir Path temp;

  @Test
  void theVersionThatBeganARunIsNotedAndGoesOnWithoutAWord() throws IOException {
    assertThat(told(OLD)).isEmpty();
    assertThat(temp.resolve("programs.json")).content().contains("aaaabbbbccccdddd");

    assertThat(told(OLD)).isEmpty();
    assertThat(MetricsLog.read(metrics())).isEmpty();
  }

  @Test
  void anotherVersionIsToldOnceOnTheScreenAndInTheMetrics() throws IOException {
    told(OLD);

    assertThat(told(NEW))
        .hasLineCount(1)
        .contains("begun by another version", "aaaabbbbcccc", "eeeeffff0000");
    assertThat(told(NEW)).isEmpty();
    assertThat(told(OLD)).isEmpty();

    assertThat(MetricsLog.read(metrics()))
        .containsExactly(new MetricsLog.Entry("program", 1, Map.of()));
  }

  @Test
  void aRunFromBeforeVersionsWereNotedWasBegunByAnUnknownOne() throws IOException {
    try (MetricsLog log = MetricsLog.open(metrics())) {
      log.append(new MetricsLog.Entry("sft", 0, Map.of("loss", 3.0)));
    }

    assertThat(told(NEW)).contains("begun by another version of the program (unknown, ");
    assertThat(told(NEW)).isEmpty();
  }

  @Test
  void aDamagedNoteIsRefusedByName() throws IOException {
    Files.writeString(temp.resolve("programs.json"), "[{\"version\"");

    assertThatThrownBy(() -> told(OLD)).hasMessageContaining("programs.json: not a list");
  }

  @Test
  void theEngineIsAnotherWithAnotherScriptOrAnotherName() throws IOException {
    Path script = temp.resolve("rto/lm/ops.py");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "x + y");
    String before = ProgramVersion.engineOf(temp);
    Files.writeString(script, "y + x");
    String edited = ProgramVersion.engineOf(temp);
    Files.move(script, script.resolveSibling("other.py"));

    assertThat(edited).isNotEqualTo(before);
    assertThat(ProgramVersion.engineOf(temp)).isNotEqualTo(edited).isNotEqualTo(before);
  }

  @Test
  void theEngineIsTheSameInAJarAsInAFolder() throws IOException {
    Path script = temp.resolve("classes/rto/lm/ops.py");
    Files.createDirectories(script.getParent());
    Files.writeString(script, "x + y");
    Path jar = temp.resolve("trainer.jar");
    try (var zip = new ZipOutputStream(Files.newOutputStream(jar))) {
      zip.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      zip.putNextEntry(new ZipEntry("rto/lm/ops.py"));
      zip.write("x + y".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(ProgramVersion.engineOf(jar))
        .isEqualTo(ProgramVersion.engineOf(temp.resolve("classes")));
  }

  @Test
  void theRunningProgramKnowsItself() throws IOException {
    ProgramVersion now = ProgramVersion.now();

    assertThat(now.libtorch()).startsWith("2.");
    assertThat(now.engine()).matches("[0-9a-f]{64}");
    assertThat(now).isEqualTo(ProgramVersion.now());
  }

  private Path metrics() {
    return new RunFolder(temp).metrics();
  }

  private String told(ProgramVersion version) throws IOException {
    var err = new ByteArrayOutputStream();
    try (MetricsLog log = MetricsLog.open(metrics())) {
      new ProgramsOfRun(new RunFolder(temp))
          .workedOnBy(version, log, new PrintStream(err, true, StandardCharsets.UTF_8));
    }
    return err.toString(StandardCharsets.UTF_8);
  }
}
