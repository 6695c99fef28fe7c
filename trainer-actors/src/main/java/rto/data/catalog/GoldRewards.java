package rto.data.catalog;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import rto.data.gold.GoldReward;
import rto.data.gold.SentimentReward;
import rto.data.world.MicroWorld;

/** Finds a gold reward by its name. */
public final class GoldRewards {

  private static final String EXPECTED =
      "sentiment, or micro-world:SEED with a whole number of 64 bits as SEED";
  private static final String MICRO_WORLD = "micro-world";

  private GoldRewards() {}

  /**
   * The gold reward of this name: {@code sentiment}, or {@code micro-world:7} for the judge of the
   * micro-world of seed 7.
   *
   * @throws IllegalArgumentException for any other name, with the nearest one
   */
  public static GoldReward byName(String name) {
    return find(name).get();
  }

  /**
   * Refuses what {@link #byName} would refuse, without making the reward.
   *
   * @throws IllegalArgumentException for an unknown name, with the nearest one
   */
  public static void requireKnown(String name) {
    find(name);
  }

  private static Supplier<GoldReward> find(String name) {
    int colon = name.indexOf(':');
    String kind = colon < 0 ? name : name.substring(0, colon);
    Optional<String> argument =
        colon < 0 ? Optional.empty() : Optional.of(name.substring(colon + 1));
    if (kind.equals("sentiment") && argument.isEmpty()) {
      return SentimentReward::new;
    }
    Optional<Long> seed = argument.flatMap(GoldRewards::wholeNumber);
    if (kind.equals(MICRO_WORLD) && seed.isPresent()) {
      return () -> MicroWorld.generate(seed.get()).gold();
    }
    throw new IllegalArgumentException(
        "reward: %s (expected: %s%s)".formatted(name, EXPECTED, hint(kind)));
  }

  private static Optional<Long> wholeNumber(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }

  private static String hint(String kind) {
    List<String> kinds = List.of("sentiment", MICRO_WORLD);
    if (kinds.contains(kind)) {
      return "";
    }
    String nearest =
        kinds.stream().min(Comparator.comparingInt(known -> distance(kind, known))).orElseThrow();
    return distance(kind, nearest) <= nearest.length() / 2 ? "; did you mean " + nearest + "?" : "";
  }

  /** How many letters must be put in, left out or replaced (Levenshtein). */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
