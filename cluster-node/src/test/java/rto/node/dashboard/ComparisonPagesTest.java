package rto.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;
import rto.metrics.Interval;
import rto.node.dashboard.ComparisonReport.ArmResult;
import rto.node.dashboard.ComparisonReport.Background;
import rto.node.dashboard.ComparisonReport.MeanPoint;
import rto.node.dashboard.ComparisonReport.Measures;
import rto.node.dashboard.ComparisonReport.Reach;
import rto.node.dashboard.ComparisonReport.SeedResult;
import rto.node.dashboard.ComparisonReport.Summary;
import rto.node.dashboard.ComparisonReport.Trial;

class ComparisonPagesTest {

  private static final List<String> FIGURES =
      List.of(
          "1.250 ± 0.125", // gold of rto
          "+0.750 ± 0.250", // minus ppo
          "81.5 ± 2.0 %", // wins
          "5.50 ± 0.50", // KL
          "29.5 ± 1.0", // length
          "12.5 ± 2.5 % (3/4)",
          "ppo 100 %, rto 10 %", // of the mean curves
          "weak not reached",
          "weak, diverged (1 of 4 seeds)",
          "Its figures are over its other seeds",
          "4 seeds. Seeds are worlds.",
          "chooses.",
          "Chosen by hand.",
          "2,560 rollouts",
          "192 held-out prompts judge",
          "first 96 of them",
          "beta1=0.1",
          "0.411  0.433",
          "0.422",
          "chosen",
          "101, 102");

  @TempDir Path folder;

  @Test
  void everyFigureStandsOnEveryPage() throws IOException {
    ComparisonPages.write(report(), folder);

    for (String page : List.of("compare.html", "compare.md")) {
      String content = Files.readString(folder.resolve(page));
      for (String figure : FIGURES) {
        assertThat(content.contains(figure)).as(figure + " in " + page).isTrue();
      }
    }
  }

  @Test
  void thePageLoadsNothing() throws IOException {
    String page = ComparisonPages.html(report());

    assertThat(page).contains("default-src 'none'").doesNotContain("url(", "@import");
    assertThat(page).doesNotContainPattern("(?i)<(?:link|script|img|iframe)\\b[^>]*(?:src|href)=");
    assertThat(page).contains("<th>rto</th>").doesNotContain("&lt;table", "&lt;div");
  }

  @Test
  void programsFindEveryFigureAndNullWhereThereIsNone() throws IOException {
    ComparisonPages.write(report(), folder);
    JsonNode json = new ObjectMapper().readTree(folder.resolve("compare.json").toFile());

    JsonNode rto = json.at("/arms/rto");
    assertThat(rto.at("/end/gold/mean").doubleValue()).isEqualTo(1.25);
    assertThat(rto.at("/end/gold/low").doubleValue()).isEqualTo(1.125);
    assertThat(rto.at("/minusBaseline/gold/mean").doubleValue()).isEqualTo(0.75);
    assertThat(rto.at("/reach/fraction/mean").doubleValue()).isEqualTo(0.125);
    assertThat(rto.at("/curve/1/rollouts").longValue()).isEqualTo(2560);
    assertThat(rto.at("/seeds/0/end/klPerToken").doubleValue()).isEqualTo(0.2);
    assertThat(json.at("/arms/ppo/minusBaseline").isNull()).isTrue();
    assertThat(json.at("/arms/weak/reach/ofMeanCurves").isNull()).isTrue();
    assertThat(json.at("/arms/weak/seeds/1/diverged").asText()).isEqualTo("gradient norm: NaN");
    assertThat(json.at("/arms/weak/seeds/0/diverged").isNull()).isTrue();
    assertThat(json.at("/tuning/trials/0/overrides/0").asText()).isEqualTo("beta1=0.1");
    assertThat(json.at("/settings/seed").intValue()).isEqualTo(1);
  }

  @Test
  void thePicturesAreXmlWithALineForEachArm() throws Exception {
    for (SvgPlot plot :
        List.of(
            ComparisonPlots.goldAgainstRollouts(report()),
            ComparisonPlots.goldAgainstKl(report()))) {
      String svg = plot.render();

      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(svg)));
      assertThat(svg).contains(">rto<", ">ppo<", "polyline").doesNotContain("NaN", "Infinity");
    }
    assertThat(ComparisonPlots.goldAgainstKl(report()).render()).contains(">sft<");
  }

  @Test
  void anArmThatDivergedInEverySeedHasDashes() throws IOException {
    ComparisonReport r = report();
    ArmResult weak = r.arms().get(3);
    Summary nothing = new Summary(none(), none(), none(), none(), none());
    List<SeedResult> seeds =
        weak.seeds().stream()
            .map(s -> new SeedResult(s.seed(), s.end(), List.of(), 3, Optional.of("NaN")))
            .toList();
    ArmResult gone =
        new ArmResult(
            "gone",
            "policy",
            List.of(),
            nothing,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            seeds);

    ComparisonPages.write(
        new ComparisonReport(
            r.title(),
            r.baseline(),
            r.seeds(),
            r.rollouts(),
            r.judges(),
            r.curveJudges(),
            r.seconds(),
            List.of(r.arms().get(1), gone),
            r.tuning(),
            r.tuningSeeds(),
            r.config(),
            r.background()),
        folder);

    assertThat(folder.resolve("compare.md"))
        .content()
        .contains("| gone, diverged (4 of 4 seeds) | – | – |")
        .contains("| gone | diverged | diverged | diverged | diverged |");
    assertThat(folder.resolve("compare.html")).content().doesNotContain("\"NaN\"");
    assertThat(folder.resolve("gold-against-kl.svg")).content().doesNotContain("NaN");
  }

  static ComparisonReport report() {
    Summary weak = summary(interval(0.1, 0.05), 0);
    return new ComparisonReport(
        "A <comparison>",
        "ppo",
        List.of(1L, 2L, 3L, 4L),
        2560,
        192,
        96,
        90,
        List.of(
            arm("sft", "nothing", weak, Optional.of(weak), List.of(), Optional.empty()),
            arm(
                "ppo",
                "policy",
                summary(interval(0.5, 0.1), 1.5),
                Optional.empty(),
                curve(0.5),
                reach(1)),
            arm(
                "rto",
                "policy",
                summary(interval(1.25, 0.125), 5.5),
                Optional.of(summary(interval(0.75, 0.25), 4)),
                curve(1.25),
                Optional.of(new Reach(3, 4, interval(0.125, 0.025), 0.1))),
            arm(
                "weak",
                "policy",
                weak,
                Optional.of(weak),
                curve(0.1),
                Optional.of(new Reach(0, 4, none(), Double.NaN)))),
        List.of(
            new Trial("rto", List.of("beta1=0.1"), List.of(0.411, 0.433), 0.422, true),
            new Trial("rto", List.of("beta1=0.5"), List.of(0.1, 0.2), 0.15, false)),
        List.of(101L, 102L),
        "{\"seed\": 1}",
        new Background(
            "Seeds are worlds.", "It labels & chooses.", Optional.of("Chosen by hand.")));
  }

  private static ArmResult arm(
      String name,
      String trains,
      Summary end,
      Optional<Summary> difference,
      List<MeanPoint> curve,
      Optional<Reach> reach) {
    Measures one = new Measures(end.gold().estimate(), 0.5, 5, 0.2, 30);
    List<SeedResult> seeds =
        LongStream.rangeClosed(1, 4)
            .mapToObj(s -> new SeedResult(s, one, List.of(), 3, diverged(name, s)))
            .toList();
    return new ArmResult(name, trains, List.of(), end, difference, curve, reach, seeds);
  }

  private static Optional<String> diverged(String arm, long seed) {
    return arm.equals("weak") && seed == 2 ? Optional.of("gradient norm: NaN") : Optional.empty();
  }

  private static List<MeanPoint> curve(double end) {
    return List.of(
        new MeanPoint(0, summary(interval(-0.5, 0.2), 0)),
        new MeanPoint(2560, summary(interval(end, 0.1), 3)));
  }

  private static Optional<Reach> reach(double fraction) {
    return Optional.of(new Reach(4, 4, interval(fraction, 0), fraction));
  }

  private static Summary summary(Interval gold, double kl) {
    return new Summary(
        gold, interval(0.815, 0.02), interval(kl, 0.5), interval(kl / 30, 0.01), interval(29.5, 1));
  }

  private static Interval interval(double mean, double half) {
    return new Interval(mean, mean - half, mean + half, 4);
  }

  private static Interval none() {
    return new Interval(Double.NaN, Double.NaN, Double.NaN, 0);
  }
}
