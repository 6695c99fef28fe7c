package rto.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.metrics.Interval;
import rto.tabular.PreferenceCurve;
import rto.tabular.QueryCounts;
import rto.tabular.TokenTree;

class TheoryPageTest {

  private static final TheoryReport REPORT =
      new TheoryReport(
          7,
          5,
          new PreferenceCurve(new TokenTree(3, 3), 4, 1, 0.1, 1, 0.05),
          21,
          List.of(
              new QueryCounts.Row(2, 3, 1, 8, 10 / 3.0, 4, 4, 21, 21),
              new QueryCounts.Row(2, 3, 2, 8, 14 / 3.0, 8, 8, 21, 20)),
          List.of(10, 100, 1_000),
          interval(0.5),
          List.of(
              new TheoryReport.Line("rho 0", "none", points(0.1, 0.01, 0.001)),
              new TheoryReport.Line("bound", "above", points(10, 3, 1))));

  @Test
  void theTextHasBothTablesAndThePlot() {
    assertThat(TheoryText.of(REPORT))
        .contains("searches of 21 trees")
        .containsPattern("(?m)^2 +3 +8 +8 +4 +3\\.3 +8 +4\\.7 +41 of 42$")
        .containsPattern("(?m)^100 +0\\.0100 ± 0\\.0050 +3\\.0000 ± 1\\.5000$")
        .contains("A 3, H 3, d 4, beta 0.1; there are 0.5000 ± 0.2500 to gain")
        .contains("a  rho 0: none");
  }

  @Test
  void thePlotIsLogarithmicInBothDirections() {
    // a falls by ten where x rises by ten; on 20 rows from 100 down to 0.001 that is 3.8 rows, on
    // 61 columns from 10 to 1,000 it is 30 columns
    List<String> rows =
        new TextPlot(REPORT.preferences(), List.of(points(0.1, 0.01, 0.001), points(10, 10, 10)))
            .render()
            .lines()
            .toList();
    assertThat(rows).hasSize(22);
    assertThat(rows.get(0)).startsWith("      1e2 |");
    assertThat(rows.get(19)).startsWith("     1e-3 |").endsWith("a").hasSize(11 + 61);
    assertThat(rows.get(15).charAt(11 + 30)).isEqualTo('a');
    assertThat(rows.get(11).charAt(11)).isEqualTo('a');
    assertThat(rows.get(4)).containsPattern("b {29}b {29}b$");
    assertThat(rows.get(21)).containsPattern("10 +100 +1,000$");
  }

  @Test
  void anIntervalIsDrawnAsFarAsItReaches() {
    List<String> rows =
        new TextPlot(List.of(1, 10), List.of(List.of(new Interval(1, 0.1, 10, 5), interval(1))))
            .render()
            .lines()
            .toList();
    assertThat(rows.get(0).charAt(11)).isEqualTo('|');
    assertThat(rows.stream().filter(row -> row.length() > 11 && row.charAt(11) == '|'))
        .isNotEmpty();
  }

  @Test
  void valuesThatHaveNoLogarithmStandOnTheLowestRow() {
    String plot = new TextPlot(List.of(1, 10), List.of(points(1, 0))).render();
    assertThat(plot.lines().toList().get(19)).endsWith("a");
  }

  @Test
  void thePageHoldsItsFiguresAndLoadsNothing() throws IOException {
    String page = TheoryPage.html(REPORT);
    assertThat(page)
        .contains("default-src 'none'", "<td>0.0100 ± 0.0050</td>", "<td>41 of 42</td>")
        .contains("\"byTokens\":3.3333333333333335")
        .doesNotContainPattern("(?i)<(?:link|script|img)\\b[^>]*(?:src|href)\\s*=")
        .doesNotContain("sourceMappingURL");
    assertThat(page.split("</script>", -1)).hasSize(4); // data, Chart.js, ours
  }

  @Test
  void theJsonHasTheSameFigures(@TempDir Path folder) throws IOException {
    TheoryPage.write(REPORT, folder.resolve("deep"));
    JsonNode json = new ObjectMapper().readTree(folder.resolve("deep/theory.json").toFile());
    assertThat(json.path("seed").longValue()).isEqualTo(7);
    assertThat(json.path("queries").path(1).path("found").intValue()).isEqualTo(20);
    assertThat(json.path("lines").path(0).path("points").path(2).path("high").doubleValue())
        .isEqualTo(0.0015);
    assertThat(folder.resolve("deep")).isDirectoryContaining("glob:**theory.html");
  }

  private static List<Interval> points(double... estimates) {
    return Arrays.stream(estimates).mapToObj(TheoryPageTest::interval).toList();
  }

  private static Interval interval(double estimate) {
    return new Interval(estimate, 0.5 * estimate, 1.5 * estimate, 5);
  }
}
