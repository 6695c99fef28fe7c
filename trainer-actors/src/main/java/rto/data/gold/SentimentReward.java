package rto.data.gold;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * How cheerful a children's story is, by two lists of words.
 *
 * <pre>
 *   P = Σ over positive words w of 1 + ½ + ¼ + … (as many terms as w occurs) = Σ 2 − 2^(1 − count(w))
 *   N = the same over negative words
 *   score = B tanh(4 (P − N) / √max(n, 16) / B),   n words, B = 5
 * </pre>
 *
 * A word said again and again is worth less than two different ones, a longer text does not win by
 * its length, and no text scores beyond ±5. Words are compared in lower case as they stand, without
 * regard to what surrounds them ("not happy" counts as happy). Stories that reach the length limit
 * are not punished for it.
 */
public final class SentimentReward implements GoldReward {

  private static final double BOUND = 5;
  private static final double SCALE = 4;
  private static final int SHORTEST = 16;
  private static final Pattern WORD = Pattern.compile("[a-z]+");

  @Override
  public String name() {
    return "sentiment";
  }

  @Override
  public double score(String prompt, String response, boolean truncated) {
    List<String> words = words(response);
    double difference =
        worth(words, SentimentWords.POSITIVE) - worth(words, SentimentWords.NEGATIVE);
    double density = SCALE * difference / Math.sqrt(Math.max(words.size(), SHORTEST));
    return BOUND * Math.tanh(density / BOUND);
  }

  /** P and −N. */
  @Override
  public Map<String, Double> parts(String prompt, String response, boolean truncated) {
    List<String> words = words(response);
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("positive", worth(words, SentimentWords.POSITIVE));
    parts.put("negative", 0 - worth(words, SentimentWords.NEGATIVE));
    return parts;
  }

  private static List<String> words(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(m -> m.group()).toList();
  }

  private static double worth(List<String> words, Set<String> list) {
    Map<String, Integer> counts = new TreeMap<>(); // sorted: one order of summation
    words.stream().filter(list::contains).forEach(word -> counts.merge(word, 1, Integer::sum));
    return counts.values().stream().mapToDouble(count -> 2 - Math.pow(2, 1 - count)).sum();
  }
}
