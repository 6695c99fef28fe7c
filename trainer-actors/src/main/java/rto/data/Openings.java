package rto.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rto.protocol.Require;

/**
 * First sentences of children's stories, in the manner of TinyStories: templates filled with names,
 * adjectives, places and toys in every combination, in an order that the seed shuffles. A tenth is
 * held out.
 */
public final class Openings {

  private static final List<String> GIRLS =
      words("Lily Lucy Mia Anna Sue Sara Emma Amy Mary Jane Sally Molly Ella Zoe Lola Daisy");
  private static final List<String> BOYS =
      words("Tim Tom Ben Max Sam Jack Leo Bob Timmy Tommy Billy Joe Dan Fred Mark Johnny");
  private static final List<String> ADJECTIVES = words("little small young curious kind shy");
  private static final List<String> PLACES =
      words("park beach forest zoo store garden lake farm school market library river");
  private static final List<String> TOYS =
      words("ball doll car truck kite train puzzle boat teddy drum");
  private static final List<String> ANIMALS =
      words("cat dog bird bunny bear mouse fox frog duck fish");

  /** GIRL, HER and NAME follow the name; CHILD templates are filled once per name. */
  private static final List<String> CHILD_TEMPLATES =
      List.of(
          "Once upon a time, there was a ADJECTIVE GIRL named NAME.",
          "One day, a GIRL named NAME went to the PLACE.",
          "NAME was a ADJECTIVE GIRL who loved to play at the PLACE.",
          "One day, NAME was playing with HER TOY.",
          "One day, NAME and HER mom went to the PLACE.",
          "Once upon a time, a GIRL named NAME had a TOY.");

  private static final String ANIMAL_TEMPLATE =
      "Once upon a time, there was a ADJECTIVE ANIMAL who lived near the PLACE.";

  private final List<String> train;
  private final List<String> heldOut;

  private Openings(List<String> shuffled) {
    int count = shuffled.size() / 10;
    this.heldOut = shuffled.subList(0, count);
    this.train = shuffled.subList(count, shuffled.size());
  }

  /** All openings in the order of this seed, a tenth of them held out. */
  public static Openings shuffled(long seed) {
    List<String> all = all();
    int[] order = CounterRandom.permutation(all.size(), seed);
    return new Openings(Arrays.stream(order).mapToObj(all::get).toList());
  }

  /** The first {@code n} openings to train on, all different. */
  public List<String> prompts(int n) {
    return first(n, train, "openings");
  }

  /** The first {@code n} of the held-out openings, all different and none to train on. */
  public List<String> heldOutPrompts(int n) {
    return first(n, heldOut, "held-out openings");
  }

  /** How many there are to train on. */
  public int size() {
    return train.size();
  }

  /** How many are held out. */
  public int heldOutSize() {
    return heldOut.size();
  }

  private static List<String> all() {
    List<String> openings = new ArrayList<>();
    for (String template : CHILD_TEMPLATES) {
      GIRLS.forEach(name -> openings.addAll(child(template, name, "girl", "her")));
      BOYS.forEach(name -> openings.addAll(child(template, name, "boy", "his")));
    }
    openings.addAll(fill(List.of(ANIMAL_TEMPLATE)));
    return openings;
  }

  private static List<String> child(String template, String name, String child, String pronoun) {
    return fill(
        List.of(template.replace("NAME", name).replace("GIRL", child).replace("HER", pronoun)));
  }

  private static List<String> fill(List<String> templates) {
    List<String> filled = fill(templates, "ADJECTIVE", ADJECTIVES);
    filled = fill(filled, "ANIMAL", ANIMALS);
    filled = fill(filled, "PLACE", PLACES);
    return fill(filled, "TOY", TOYS);
  }

  /** Every template with every choice in the place of the slot; as it is if it has no such slot. */
  private static List<String> fill(List<String> templates, String slot, List<String> choices) {
    return templates.stream()
        .flatMap(t -> choices.stream().map(choice -> t.replace(slot, choice)).distinct())
        .toList();
  }

  private static List<String> first(int n, List<String> all, String what) {
    Require.that(n >= 0 && n <= all.size(), "%s: %s (expected: 0 to %s)", what, n, all.size());
    return all.subList(0, n);
  }

  private static List<String> words(String text) {
    return List.of(text.split(" "));
  }
}
