package rto.node.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.node.dashboard.Report.StageRow;
import rto.node.dashboard.Report.Token;
import rto.node.dashboard.Report.TokenRewards;

class ConsoleTest {

  private static final TokenRewards THREE =
      new TokenRewards(
          "p",
          List.of(
              token("good", 0.2, 0, 0),
              token(" bad", -0.1, -0.1, 0),
              token(" \u001b[2Jend", 0, 0, 1.5)));

  private static Token token(String text, double dpo, double kl, double sentence) {
    return new Token(text, new Report.Parts(dpo, kl, sentence, 0));
  }

  @Test
  void theTableIsAligned() {
    var rows =
        List.of(
            new StageRow("base", 0.2, 0.03, 0.5, 0, 31.44),
            new StageRow("rto", -10.5, Double.NaN, 0.884, 0.118, 5));

    assertThat(ConsoleTable.of(rows))
        .isEqualToNormalizingNewlines(
            """
            stage  gold reward (95 %)  wins vs base  KL/token  length
            ---------------------------------------------------------
            base        0.200 ± 0.030          50 %     0.000    31.4
            rto               -10.500          88 %     0.118     5.0
            """);
  }

  @Test
  void withoutColoursTheNumberStandsBehindEachToken() {
    assertThat(TokenColours.of(THREE, false).strip())
        .isEqualTo("good(+0.200) bad(-0.200) ·[2Jend(+1.500)");
  }

  @Test
  void withColoursBlueIsEarnedAndOrangeCost() {
    // The scale is 0.2, the largest reward without the sentence's, so all three are in full colour
    assertThat(TokenColours.of(THREE, true))
        .contains("48;5;39mgood\u001b[0m", "48;5;202m bad\u001b[0m", "48;5;39m ·[2Jend\u001b[0m")
        .contains("-0.200", "+0.200");
  }

  @Test
  void resultJsonIsReadBackAsItWasWritten(@TempDir Path folder) throws IOException {
    Report report = MadeUpReport.report();
    ResultJson.write(report, folder.resolve("result.json"));

    assertThat(ResultJson.read(folder.resolve("result.json")))
        .isEqualTo(
            new ResultJson.Result(
                report.seed(),
                report.seconds(),
                report.digest(),
                report.trajectories(),
                report.stages(),
                report.best()));
  }

  @Test
  void aFigureThatDoesNotExistIsReadBackAsNone(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("result.json");
    Files.writeString(file, "{\"stages\": {\"base\": {\"goldReward\": 0.5, \"ci95\": null}}}");

    assertThat(ResultJson.read(file).best()).as("as written before there was one").isEmpty();
    StageRow row = ResultJson.read(file).stages().get(0);
    assertThat(row.goldReward()).isEqualTo(0.5);
    assertThat(row.ci95()).isNaN();
  }

  @Test
  void resultJsonHoldsExactlyTheFigures() throws IOException {
    var json = new ObjectMapper().readTree(ResultJson.of(MadeUpReport.report()));

    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly("seed", "seconds", "digest", "trajectories", "stages", "best");
    assertThat(json.at("/best/model").asText()).isEqualTo("checkpoints/iteration-000040/policy");
    assertThat(json.at("/best/reward").doubleValue()).isEqualTo(1.6125);
    assertThat(json.get("stages").fieldNames()).toIterable().containsExactly("base", "dpo", "rto");
    assertThat(json.at("/stages/rto").fieldNames())
        .toIterable()
        .containsExactly("goldReward", "ci95", "winRate", "kl", "length");
    assertThat(json.at("/stages/rto/goldReward").doubleValue()).isEqualTo(0.871);
  }
}
