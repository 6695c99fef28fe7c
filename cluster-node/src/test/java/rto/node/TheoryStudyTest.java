package rto.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.Interval;
import rto.metrics.Progress;
import rto.node.cli.Operations;
import rto.node.dashboard.TheoryReport;

class TheoryStudyTest {

  @Test
  void bothClaimsOfThePaperAreSeen() {
    TheoryReport report = new TheoryStudy(Progress.silent()).run(3, 1);

    assertThat(report.queries()).hasSize(3 * 6 * 2);
    assertThat(report.queries())
        .allMatch(row -> row.found() == row.instances() && row.byTokens() <= row.formula());
    List<Interval> plain = report.lines().get(0).points();
    assertThat(plain.get(6).estimate()).isLessThan(plain.get(0).estimate() / 10);
    List<Interval> sure = report.lines().get(2).points();
    List<Interval> bound = report.lines().get(3).points();
    for (int k = 0; k < sure.size(); k++) {
      assertThat(sure.get(k).estimate()).isLessThan(bound.get(k).estimate());
    }
  }

  @Test
  void theCommandPrintsTheTablesAndWritesThePage(@TempDir Path folder) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    new Program(new PrintStream(bytes, true, StandardCharsets.UTF_8), Progress.silent())
        .theory(new Operations.Theory(Optional.of(folder), 2, 1));
    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .contains("A^min(2, H)", "rho sqrt(d)", "theory.html");
    assertThat(folder).isDirectoryContaining("glob:**theory.{html}");
    assertThat(folder).isDirectoryContaining("glob:**theory.json");
  }
}
