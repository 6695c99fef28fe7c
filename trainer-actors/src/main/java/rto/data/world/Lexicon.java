package rto.data.world;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import rto.data.CounterRandom;

/**
 * The words of one world, by kind and group. The seed picks them from {@link WordPools} and deals
 * the groups: which verbs a character agrees with, which prepositions a thing agrees with.
 */
record Lexicon(
    List<String> moods,
    List<List<String>> characters,
    List<List<String>> things,
    List<List<String>> adjectives,
    List<List<String>> adverbs,
    List<List<String>> verbs,
    List<List<String>> prepositions,
    Map<String, Word> words) {

  /** A word's kind, and its group within the kind (0 where the kind has no groups). */
  record Word(Kind kind, int group) {}

  private static final Word UNKNOWN = new Word(Kind.UNKNOWN, 0);

  static Lexicon of(long seed) {
    Dice dice = new Dice(CounterRandom.of(seed, MicroWorld.LEXICON));
    List<String> moods = WordPools.MOODS;
    List<List<String>> characters = deal(dice.draw(WordPools.CHARACTERS, 24), 4);
    List<List<String>> things = deal(dice.draw(WordPools.THINGS, 30), 2);
    List<List<String>> adjectives = drawEach(dice, WordPools.ADJECTIVES, 16);
    List<List<String>> adverbs = drawEach(dice, WordPools.ADVERBS, 12);
    List<List<String>> verbs = drawEach(dice, WordPools.VERBS, 12);
    List<List<String>> prepositions = deal(dice.draw(WordPools.PREPOSITIONS, 16), 2);

    Map<String, Word> words = new LinkedHashMap<>();
    words.put("the", new Word(Kind.THE, 0));
    words.put(".", new Word(Kind.STOP, 0));
    words.put(",", new Word(Kind.COMMA, 0));
    enter(words, Kind.MOOD, moods.stream().map(List::of).toList());
    enter(words, Kind.CHARACTER, characters);
    enter(words, Kind.THING, things);
    enter(words, Kind.ADJECTIVE, adjectives);
    enter(words, Kind.ADVERB, adverbs);
    enter(words, Kind.VERB, verbs);
    enter(words, Kind.PREPOSITION, prepositions);
    enter(words, Kind.PROMPT, List.of(Request.words()));
    return new Lexicon(moods, characters, things, adjectives, adverbs, verbs, prepositions, words);
  }

  /** What {@code word} is; {@link Kind#UNKNOWN} if it is no word of this world. */
  Word word(String word) {
    return words.getOrDefault(word, UNKNOWN);
  }

  /** Deals the items out to {@code groups} groups of equal size. */
  private static List<List<String>> deal(List<String> items, int groups) {
    List<List<String>> dealt = new ArrayList<>();
    int size = items.size() / groups;
    for (int group = 0; group < groups; group++) {
      dealt.add(items.subList(group * size, (group + 1) * size));
    }
    return List.copyOf(dealt);
  }

  private static List<List<String>> drawEach(Dice dice, List<List<String>> pools, int count) {
    return pools.stream().map(pool -> dice.draw(pool, count)).toList();
  }

  private static void enter(Map<String, Word> words, Kind kind, List<List<String>> groups) {
    for (int group = 0; group < groups.size(); group++) {
      for (String word : groups.get(group)) {
        words.putIfAbsent(word, new Word(kind, group));
      }
    }
  }
}
