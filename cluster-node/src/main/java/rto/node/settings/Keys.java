package rto.node.settings;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import rto.protocol.AbsentMeans;
import rto.protocol.Named;
import rto.protocol.NoDefault;

/** How Java names read in a config file, and which key a misspelled one was meant to be. */
final class Keys {

  private Keys() {}

  /** {@code learningRate} and {@code LearningRate} become {@code learning-rate}. */
  static String kebab(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
        .replaceAll("([A-Z]+)([A-Z][a-z])", "$1-$2")
        .replace('_', '-')
        .toLowerCase(Locale.ROOT);
  }

  static List<String> of(Class<?> recordType) {
    return Arrays.stream(recordType.getRecordComponents()).map(Keys::of).toList();
  }

  /** Those for which the default that all variants share will do. */
  static List<String> withDefaults(Class<?> variant) {
    return Arrays.stream(variant.getRecordComponents())
        .filter(component -> !component.isAnnotationPresent(NoDefault.class))
        .map(Keys::of)
        .toList();
  }

  static String of(RecordComponent component) {
    return kebab(component.getName());
  }

  /** What an absent key of this component means; null if it must not be absent. */
  static ConfigValue unsaid(RecordComponent component) {
    AbsentMeans meaning = component.getAnnotation(AbsentMeans.class);
    return meaning == null
        ? null
        : ConfigFactory.parseString("it = " + meaning.value()).getValue("it");
  }

  /** The value of {@code type} that chooses this variant of a sealed interface. */
  static String ofVariant(Class<?> variant) {
    Named named = variant.getAnnotation(Named.class);
    return named == null ? kebab(variant.getSimpleName()) : named.value();
  }

  static String join(String path, String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** The closest of the valid keys, if one is close enough to be a slip of the finger. */
  static Optional<String> nearest(String key, Collection<String> valid) {
    int slip = Math.max(2, key.length() / 3);
    return valid.stream()
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)))
        .filter(candidate -> distance(key, candidate) <= slip);
  }

  /**
   * The same key in other sections, at most three, for one that was put into the wrong section;
   * none if {@code path} itself is right for another variant of its section.
   */
  static Optional<String> elsewhere(String path, String key, Collection<String> valid) {
    List<String> same = valid.stream().filter(p -> p.endsWith("." + key)).distinct().toList();
    return same.isEmpty() || same.contains(path)
        ? Optional.empty()
        : Optional.of(String.join(" or ", same.subList(0, Math.min(3, same.size()))));
  }

  /**
   * Edit distance (Levenshtein), a swap of two neighbours counted as one (Damerau): row i holds the
   * costs of turning the first i letters of {@code a} into each beginning of {@code b}.
   */
  static int distance(String a, String b) {
    int[][] cost = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        cost[i][j] = i == 0 ? j : j == 0 ? i : cheapest(cost, a, b, i, j);
      }
    }
    return cost[a.length()][b.length()];
  }

  private static int cheapest(int[][] cost, String a, String b, int i, int j) {
    boolean same = a.charAt(i - 1) == b.charAt(j - 1);
    int replace = cost[i - 1][j - 1] + (same ? 0 : 1);
    int best = Math.min(replace, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
  }
}
