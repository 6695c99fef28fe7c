package rto.data.world;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import rto.data.Demonstration;
import rto.data.gold.GoldReward;

/**
 * The judge of a micro-world. It counts points over the words of a response, and nearly every word
 * counts:
 *
 * <pre>
 *   mood        +1 per adjective or adverb that fits the mood asked for, −1 per other one
 *   agreement   +1 per verb of its character's kind and per preposition of its thing's kind, else −1
 *   asked       +1 per sentence about the character asked for, +1 per one at the thing asked for, else −1
 *   repetition  −3 per word that was used before, and that word earns nothing above; "the", ".", ","
 *               and the two nouns asked for are free
 *   form        −1 per word that stands in no well-formed sentence ({@link Pattern})
 *   length      −1 per word short of 24 or beyond 47
 *   ending      −6 if truncated, that is without an end token
 *
 *   score = (max(points, −30) − mean) / deviation        mean and deviation of the corpus' points
 * </pre>
 *
 * The most that 47 words can earn is 30 points: five full sentences of nine words and six points.
 */
record MicroWorldReward(String name, Lexicon lexicon, double mean, double deviation)
    implements GoldReward {

  private static final double LEAST_POINTS = -30;

  private enum Part {
    MOOD,
    AGREEMENT,
    ASKED,
    REPETITION,
    FORM,
    LENGTH,
    ENDING
  }

  /** A word of the response, what it is, and whether it was used before. */
  private record Spoken(String text, Lexicon.Word word, boolean repeated) {

    Kind kind() {
      return word.kind();
    }
  }

  /** The judge under which these stories have mean 0 and standard deviation 1. */
  static MicroWorldReward calibrated(String name, Lexicon lexicon, List<Demonstration> stories) {
    MicroWorldReward raw = new MicroWorldReward(name, lexicon, 0, 1);
    double[] points =
        stories.stream().mapToDouble(s -> raw.score(s.prompt(), s.response(), false)).toArray();
    double sum = 0;
    double squares = 0;
    for (double p : points) {
      sum += p;
      squares += p * p;
    }
    double mean = sum / points.length;
    double deviation = Math.sqrt(squares / points.length - mean * mean);
    return new MicroWorldReward(name, lexicon, mean, deviation);
  }

  @Override
  public double score(String prompt, String response, boolean truncated) {
    double points = 0;
    for (double part : points(prompt, response, truncated)) {
      points += part;
    }
    return (Math.max(points, LEAST_POINTS) - mean) / deviation;
  }

  /** The points of every part. */
  @Override
  public Map<String, Double> parts(String prompt, String response, boolean truncated) {
    double[] points = points(prompt, response, truncated);
    Map<String, Double> parts = new LinkedHashMap<>();
    for (Part part : Part.values()) {
      parts.put(part.name().toLowerCase(Locale.ROOT), points[part.ordinal()]);
    }
    return parts;
  }

  private double[] points(String prompt, String response, boolean truncated) {
    Request request = Request.parse(prompt, lexicon);
    List<Spoken> words = listen(request, response);
    double[] points = new double[Part.values().length];
    for (List<Spoken> sentence : sentences(words)) {
      if (Pattern.fits(sentence.stream().map(Spoken::kind).toList())) {
        judge(sentence, request, points);
      } else {
        points[Part.FORM.ordinal()] -= sentence.size();
      }
    }
    int n = words.size();
    int missing = Math.max(Storyteller.SHORTEST - n, 0);
    int surplus = Math.max(n - Storyteller.LONGEST, 0);
    points[Part.REPETITION.ordinal()] -= 3 * words.stream().filter(Spoken::repeated).count();
    points[Part.LENGTH.ordinal()] = -missing - surplus;
    points[Part.ENDING.ordinal()] = truncated ? -6 : 0;
    return points;
  }

  private List<Spoken> listen(Request request, String response) {
    Set<String> used = new HashSet<>();
    Set<String> free = Set.of("the", ".", ",", request.character(), request.thing());
    return Stream.of(response.strip().split("\\s+"))
        .filter(text -> !text.isEmpty())
        .map(text -> new Spoken(text, lexicon.word(text), !used.add(text) && !free.contains(text)))
        .toList();
  }

  /**
   * Splits after every full stop; what follows the last one is a sentence too, an unfinished one.
   */
  private static List<List<Spoken>> sentences(List<Spoken> words) {
    List<List<Spoken>> sentences = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).kind() == Kind.STOP || i == words.size() - 1) {
        sentences.add(words.subList(start, i + 1));
        start = i + 1;
      }
    }
    return sentences;
  }

  private static void judge(List<Spoken> sentence, Request request, double[] points) {
    int verbs = groupOf(Kind.CHARACTER, sentence);
    int prepositions = groupOf(Kind.THING, sentence);
    for (Spoken spoken : sentence) {
      int group = spoken.word().group();
      switch (spoken.kind()) {
        case ADJECTIVE, ADVERB -> count(Part.MOOD, spoken, group == request.mood(), points);
        case VERB -> count(Part.AGREEMENT, spoken, group == verbs, points);
        case PREPOSITION -> count(Part.AGREEMENT, spoken, group == prepositions, points);
        case CHARACTER ->
            count(Part.ASKED, spoken, spoken.text().equals(request.character()), points);
        case THING -> count(Part.ASKED, spoken, spoken.text().equals(request.thing()), points);
        default -> {}
      }
    }
  }

  private static void count(Part part, Spoken spoken, boolean fits, double[] points) {
    if (!spoken.repeated()) {
      points[part.ordinal()] += fits ? 1 : -1;
    }
  }

  /**
   * The group of the sentence's noun of this kind; -1, which nothing agrees with, if it has none.
   */
  private static int groupOf(Kind noun, List<Spoken> sentence) {
    return sentence.stream()
        .filter(spoken -> spoken.kind() == noun)
        .mapToInt(spoken -> spoken.word().group())
        .findFirst()
        .orElse(-1);
  }
}
