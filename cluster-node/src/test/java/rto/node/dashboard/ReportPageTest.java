package rto.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
            report.tokenRewards(),
            Optional.empty());

    assertThat(ChartData.of(nasty)).doesNotContain("<", "NaN").contains("\\u003c/script>");
  }

  @Test
  void figuresStandInThePage() throws IOException {
    String page = ReportPage.render(MadeUpReport.report());

    assertThat(page)
        .contains("0.871 ± 0.034", "88 %", "5 min 12 s", "12,288")
        // 256 responses in each of 48 iterations, and none of the first is old: 47 · 256
        .contains("<dt>of these one version old</dt><dd>12,032</dd>")
        .contains("title=\"+0.0")
        .contains("sentence +1.420")
        .contains("<p>the fox the fox");
  }

  @Test
  void thePartsOfARewardStandAtTheirTokenAndAsCurves() throws IOException {
    String page = ReportPage.render(MadeUpReport.report());
    assertThat(page)
        .contains("id=\"chart-parts\"", "id=\"chart-tokens-0\"", "id=\"chart-tokens-1\"")
        .doesNotContain("id=\"chart-tokens-2\"")
        // the second response is paid by sentence: its tokens are told what was moved
        .containsPattern("title=\"[+-]0\\.\\d+ = DPO [+-]0.\\d+, KL -0.\\d+, sentence \\+0.000\"")
        .containsPattern("sentence \\+0.000, shaping [+-]0");

    JsonNode data = new ObjectMapper().readTree(ChartData.of(MadeUpReport.report()));
    assertThat(data.at("/parts/dpo")).hasSize(48);
    for (JsonNode response : data.get("tokens")) {
      for (String part : List.of("dpo", "kl", "sentence", "shaping")) {
        assertThat(response.get("paid").get(part)).hasSameSizeAs(response.get("texts"));
      }
    }
  }

  @Test
  void aRunWithoutADpoModelHasNoPlaceForIt() throws IOException {
    var all = MadeUpReport.report();
    var ppo =
        new Report(
            "t",
            1,
            1,
            "d",
            1,
            "ppo",
            "",
            List.of(all.stages().get(0), all.stages().get(2)),
            all.iterations(),
            List.of(),
            List.of(new Report.Sample("p", List.of(new Report.Response("base", "b", 0)))),
            List.of(),
            Optional.empty());
    assertThat(ReportPage.render(ppo)).doesNotContain("<th>dpo</th>", "<b>DPO</b>", "<h3>dpo");
    assertThat(ReportPage.render(all)).contains("<th>dpo</th>", "<b>DPO</b>", "<h3>dpo");
  }

  @Test
  void theScaleOfColoursIsThatOfTheTokensBeforeTheLast() {
    var tokens =
        List.of(
            new Report.Token("a", new Report.Parts(0.1, -0.3, 0, 0)),
            new Report.Token("b", new Report.Parts(0.05, 0, 0, -0.05)),
            new Report.Token("c", new Report.Parts(0, 0, 5, 1)));
    assertThat(new Report.TokenRewards("p", tokens).scale()).isCloseTo(0.2, within(1e-12));
    assertThat(new Report.TokenRewards("p", tokens.subList(2, 3)).scale()).isEqualTo(6);
    assertThat(new Report.TokenRewards("p", List.of()).scale()).isEqualTo(1);
  }

  @Test
  void theTitleAndTheTokenRewardAreThoseOfTheRun() throws IOException {
    assertThat(ReportPage.render(MadeUpReport.report()))
        .contains("<title>RTO quickstart: a micro-world from seed 1</title>")
        .contains("<dt>token reward</dt><dd>rto</dd>")
        .contains("<dt>best checkpoint</dt><dd>checkpoints/iteration-000040/policy</dd>");
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
                List.of(),
                Optional.empty()));

    assertThat(page)
        .contains("<h1>bare</h1>")
        .doesNotContain("<h2>Responses", "<h2>What each", "best checkpoint");
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
