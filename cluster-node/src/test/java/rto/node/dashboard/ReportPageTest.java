package rto.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {

  private static final String NASTY =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>";
  private static final Pattern LOADS =
      Pattern.compile("(?i)<(?:link|script|img|iframe|object|embed)\\b[^>]*(?:src|href|data)\\s*=");

  @Test
  void nothingIsLoadedFromAnywhere() throws IOException {
    String page = ReportPage.render(MadeUpReport.report());

    assertThat(page).doesNotContainPattern(LOADS);
    assertThat(page).doesNotContain("url(", "@import", "sourceMappingURL");
    assertThat(page).contains("default-src 'none'");
    assertThat(withoutChartJs(page)).doesNotContain("http://", "https://");
  }

  @Test
  void textsOfTheModelAreTextsOnly() throws IOException {
    String page = ReportPage.render(MadeUpReport.report(NASTY, NASTY + "{{ 7 * 7 }}{% raw %}"));

    assertThat(page).doesNotContain("<script>alert", "<img");
    assertThat(page).contains("&lt;/script&gt;", "{{ 7 * 7 }}{% raw %}");
    assertThat(page.split("</script>", -1)).hasSize(4); // data, Chart.js, ours
  }

  @Test
  void chartDataCannotLeaveItsElement() {
    var report = MadeUpReport.report();
    var curve = new Report.Curve("sft", NASTY, List.of(new Report.Point(1, Double.NaN)));
    var nasty =
        new Report(
            "t",
            1,
            1,
            "d",
            1,
            "ppo",
            "",
            report.stages(),
            report.iterations(),
            List.of(curve),
            report.samples(),
            report.tokenRewards());

    assertThat(ChartData.of(nasty)).doesNotContain("<", "NaN").contains("\\u003c/script>");
  }

  @Test
  void figuresStandInThePage() throws IOException {
    String page = ReportPage.render(MadeUpReport.report());

    assertThat(page)
        .contains("0.871 ± 0.034", "88 %", "5 min 12 s", "12,288")
        .contains("title=\"+0.0")
        .contains("sentence +1.420")
        .contains("<p>the fox the fox");
  }

  @Test
  void theTitleAndTheTokenRewardAreThoseOfTheRun() throws IOException {
    assertThat(ReportPage.render(MadeUpReport.report()))
        .contains("<title>RTO quickstart: a micro-world from seed 1</title>")
        .contains("<dt>token reward</dt><dd>rto</dd>");
  }

  @Test
  void aSectionWithoutContentIsLeftOut() throws IOException {
    var page =
        ReportPage.render(
            new Report(
                "bare",
                1,
                1,
                "d",
                0,
                "ppo",
                "",
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                new Report.TokenRewards("", List.of())));

    assertThat(page).contains("<h1>bare</h1>").doesNotContain("<h2>Responses", "<h2>What each");
  }

  @Test
  void theFileIsWrittenWhole(@TempDir Path folder) throws IOException {
    ReportPage.write(MadeUpReport.report(), folder.resolve("deep/report.html"));

    assertThat(folder.resolve("deep")).isDirectoryContaining("glob:**report.html");
    assertThat(folder.resolve("deep")).isDirectoryNotContaining("glob:**.new");
  }

  private static String withoutChartJs(String page) {
    int from = page.indexOf("/*!");
    return page.substring(0, from) + page.substring(page.indexOf("</script>", from));
  }
}
