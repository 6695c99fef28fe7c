package rto.node;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import rto.data.JsonLines;
import rto.metrics.Interval;
import rto.train.Evaluator;
import rto.train.Responder;

/** What {@code rto evaluate} says and writes. */
final class EvaluationText {

  private EvaluationText() {}

  static void print(Evaluator.Answers answers, String reward, PrintStream out) {
    Interval gold = answers.goldReward();
    out.printf(
        Locale.ROOT,
        "%s  %.3f ± %.3f (95 %% interval, %d prompts)%n",
        reward,
        gold.estimate(),
        gold.halfWidth(),
        gold.samples());
    out.printf(Locale.ROOT, "length %.1f tokens%n", answers.meanLength());
  }

  /** JSON Lines of {@code {prompt, response, reward, truncated}}. */
  static void write(Evaluator.Answers answers, Path file) {
    List<Map<String, Object>> lines =
        IntStream.range(0, answers.replies().size()).mapToObj(i -> line(answers, i)).toList();
    JsonLines.write(file, lines);
  }

  private static Map<String, Object> line(Evaluator.Answers answers, int i) {
    Responder.Reply reply = answers.replies().get(i);
    return new TreeMap<>(
        Map.of(
            "prompt",
            reply.prompt(),
            "response",
            reply.text(),
            "reward",
            answers.scores()[i],
            "truncated",
            reply.response().truncated()));
  }
}
