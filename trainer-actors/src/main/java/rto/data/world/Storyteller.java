package rto.data.world;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells stories that are always grammatical and of the right length, and otherwise fit the prompt
 * as chance has it: every choice that the gold reward looks at is a fitting one with probability
 * 1/2.
 */
record Storyteller(Lexicon lexicon) {

  /** Words of a response, the end token not counted. */
  static final int SHORTEST = 24;

  static final int LONGEST = 47;
  private static final int LONGEST_SENTENCE = 9;
  private static final double FITTING = 0.5;

  /**
   * One response: sentences until a length drawn from 24..39 is reached, so at most 38 + 9 words.
   */
  String tell(Request request, Dice dice) {
    int enough = SHORTEST + dice.roll(LONGEST - LONGEST_SENTENCE - SHORTEST + 2);
    List<String> words = new ArrayList<>();
    while (words.size() < enough) {
      words.addAll(sentence(request, dice));
    }
    return String.join(" ", words);
  }

  private List<String> sentence(Request request, Dice dice) {
    Pattern pattern = dice.pick(List.of(Pattern.values()));
    String character = noun(request.character(), lexicon.characters(), dice);
    String thing = noun(request.thing(), lexicon.things(), dice);
    int verbs = lexicon.word(character).group();
    int prepositions = lexicon.word(thing).group();
    List<String> words = new ArrayList<>();
    for (Kind kind : pattern.kinds()) {
      words.add(
          switch (kind) {
            case THE -> "the";
            case COMMA -> ",";
            case STOP -> ".";
            case CHARACTER -> character;
            case THING -> thing;
            case ADJECTIVE -> choose(lexicon.adjectives(), request.mood(), dice);
            case ADVERB -> choose(lexicon.adverbs(), request.mood(), dice);
            case VERB -> choose(lexicon.verbs(), verbs, dice);
            case PREPOSITION -> choose(lexicon.prepositions(), prepositions, dice);
            default -> throw new IllegalStateException(kind + " in " + pattern);
          });
    }
    return words;
  }

  /** The noun asked for, or another of its kind. */
  private static String noun(String asked, List<List<String>> groups, Dice dice) {
    if (dice.chance(FITTING)) {
      return asked;
    }
    List<String> others =
        groups.stream().flatMap(List::stream).filter(noun -> !noun.equals(asked)).toList();
    return dice.pick(others);
  }

  /** A word of the fitting group, or of another. */
  private static String choose(List<List<String>> groups, int fitting, Dice dice) {
    int group =
        dice.chance(FITTING)
            ? fitting
            : (fitting + 1 + dice.roll(groups.size() - 1)) % groups.size();
    return dice.pick(groups.get(group));
  }
}
