package rto.data.world;

import java.util.List;
import java.util.stream.Stream;
import rto.protocol.Require;

/** What a prompt asks for: a mood, a character and a thing, in one of four wordings. */
record Request(int mood, String character, String thing) {

  /** 10 to 12 words each. */
  static final List<String> WORDINGS =
      List.of(
          "tell a MOOD story about the CHARACTER and the THING .",
          "write us a MOOD tale of the CHARACTER with the THING .",
          "the CHARACTER and the THING need a MOOD story .",
          "please tell a MOOD one of CHARACTER and THING .");

  /** The words of the wordings that stand in no response. */
  static List<String> words() {
    return WORDINGS.stream()
        .flatMap(wording -> Stream.of(wording.split(" ")))
        .filter(word -> word.matches("[a-z]+") && !word.equals("the"))
        .distinct()
        .toList();
  }

  /** The prompt that asks for this in the given wording. */
  String prompt(int wording, Lexicon lexicon) {
    return WORDINGS
        .get(wording)
        .replace("MOOD", lexicon.moods().get(mood))
        .replace("CHARACTER", character)
        .replace("THING", thing);
  }

  /**
   * Reads a prompt, whatever its wording.
   *
   * @throws IllegalArgumentException unless it names exactly one mood, character and thing
   */
  static Request parse(String prompt, Lexicon lexicon) {
    String mood = only(prompt, Kind.MOOD, lexicon);
    String character = only(prompt, Kind.CHARACTER, lexicon);
    String thing = only(prompt, Kind.THING, lexicon);
    return new Request(lexicon.word(mood).group(), character, thing);
  }

  private static String only(String prompt, Kind kind, Lexicon lexicon) {
    List<String> found =
        Stream.of(prompt.split(" ")).filter(word -> lexicon.word(word).kind() == kind).toList();
    Require.that(
        found.size() == 1,
        "prompt: \"%s\" (expected: a prompt of this micro-world, with one word of kind %s, not %s)",
        prompt,
        kind,
        found);
    return found.get(0);
  }
}
