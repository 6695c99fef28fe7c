package rto.node.dashboard;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import rto.node.dashboard.Report.Best;
import rto.node.dashboard.Report.Curve;
import rto.node.dashboard.Report.Iteration;
import rto.node.dashboard.Report.Parts;
import rto.node.dashboard.Report.Point;
import rto.node.dashboard.Report.Response;
import rto.node.dashboard.Report.Sample;
import rto.node.dashboard.Report.StageRow;
import rto.node.dashboard.Report.Token;
import rto.node.dashboard.Report.TokenRewards;

/** A report of a run that never was, for looking at the page: its main method writes it. */
final class MadeUpReport {

  private static final String[] WORDS =
      "the small fox walks along the warm river and sings , then it rests under a tree near the old mill . later two birds bring a bright red berry home ."
          .split(" ");

  private MadeUpReport() {}

  public static void main(String[] args) throws IOException {
    ReportPage.write(report(), Path.of(args[0]));
    ResultJson.write(report(), Path.of(args[0]).resolveSibling("result.json"));
    System.out.println(ConsoleTable.of(report().stages()));
    System.out.println(TokenColours.of(report().tokenRewards().get(0), true));
    System.out.println(TokenColours.of(report().tokenRewards().get(0), false));
  }

  static Report report() {
    return report("tell me about the fox", String.join(" ", WORDS));
  }

  static Report report(String prompt, String response) {
    var random = new Random(1);
    return new Report(
        "RTO quickstart: a micro-world from seed 1",
        1,
        312.4,
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        12_288,
        "rto",
        "{\n    \"seed\" : 1,\n    \"note\" : \"" + prompt + "\"\n}\n",
        List.of(
            new StageRow("base", 0.213, 0.031, 0.5, 0, 31.4),
            new StageRow("dpo", 0.486, 0.036, 0.712, 0.052, 32.9),
            new StageRow("rto", 0.871, 0.034, 0.884, 0.118, 35.2)),
        IntStream.range(0, 48).mapToObj(i -> iteration(i, random)).toList(),
        List.of(
            curve("base", "loss", 4.1, 1.4, random),
            curve("reward model", "loss", 0.69, 0.41, random),
            curve("reward model", "accuracy", 0.5, 0.82, random),
            curve("DPO", "loss", 0.69, 0.52, random),
            curve("DPO", "accuracy", 0.5, 0.76, random)),
        List.of(sample(prompt, response), sample("what did the birds bring", response)),
        List.of(
            new TokenRewards(prompt, tokens(random, false)),
            new TokenRewards("what did the birds bring", tokens(random, true))),
        Optional.of(new Best("checkpoints/iteration-000040/policy", 1.6125)));
  }

  private static Iteration iteration(int i, Random random) {
    double done = 1 - Math.exp(-i / 15.0);
    return new Iteration(
        i,
        1.6 * done + 0.08 * random.nextGaussian(),
        0.12 * done + 0.004 * random.nextGaussian(),
        31 + 4 * done + 0.5 * random.nextGaussian(),
        new Parts(0.8 * done, -0.06 * done, 0.5 * done + 0.02 * random.nextGaussian(), 0),
        i == 0 ? 0 : 256);
  }

  private static Curve curve(String stage, String metric, double from, double to, Random random) {
    return new Curve(
        stage,
        metric,
        LongStream.range(0, 200)
            .mapToObj(
                step ->
                    new Point(
                        step,
                        to
                            + (from - to) * Math.exp(-step / 50.0)
                            + 0.02 * from * random.nextGaussian()))
            .toList());
  }

  private static Sample sample(String prompt, String response) {
    return new Sample(
        prompt,
        List.of(
            new Response("base", " the fox the fox the river river .", 0.12),
            new Response("dpo", "the small fox walks and walks , then it rests .", 0.51),
            new Response("rto", response, 0.93)));
  }

  /**
   * @param bySentence whether the DPO part is paid at the comma, the stops and the end
   */
  private static List<Token> tokens(Random random, boolean bySentence) {
    List<Token> tokens = new ArrayList<>();
    double sentence = 0;
    for (int i = 0; i < WORDS.length; i++) {
      boolean last = i == WORDS.length - 1;
      double dpo = 0.05 * random.nextGaussian();
      sentence += dpo;
      boolean pays = last || WORDS[i].matches("[.,]");
      double shaping = bySentence ? (pays ? sentence : 0) - dpo : 0;
      sentence = pays ? 0 : sentence;
      double kl = -0.01 * Math.abs(random.nextGaussian());
      tokens.add(
          new Token((i == 0 ? "" : " ") + WORDS[i], new Parts(dpo, kl, last ? 1.42 : 0, shaping)));
    }
    return tokens;
  }
}
