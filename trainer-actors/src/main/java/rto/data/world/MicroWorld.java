package rto.data.world;

import java.util.ArrayList;
import java.util.List;
import rto.data.CounterRandom;
import rto.data.Demonstration;
import rto.data.gold.GoldReward;
import rto.protocol.Require;

/**
 * A small language invented from a seed. A prompt asks for a mood, a character and a thing:
 *
 * <pre>
 *   tell a happy story about the fox and the lantern .
 *   the merry fox runs gladly past the lantern . the glad fox ...
 * </pre>
 *
 * Texts are words separated by single spaces, the full stop and the comma among them. Responses of
 * the corpus have 24 to 47 words, so 25 to 48 tokens with the end token. All of it is a function of
 * the seed, and the first n of anything are the same whatever n is.
 */
public final class MicroWorld {

  /** Streams of the seed. */
  static final long LEXICON = 0;

  private static final long REQUESTS = 1;
  private static final long PROMPTS = 2;
  private static final long HELD_OUT = 3;
  private static final long CORPUS = 4;
  private static final long CALIBRATION = 5;

  private static final int CALIBRATION_STORIES = 2000;

  private final long seed;
  private final Lexicon lexicon;
  private final Storyteller storyteller;
  private final List<String> trainPrompts;
  private final List<String> heldOutPrompts;
  private final MicroWorldReward gold;

  private MicroWorld(long seed) {
    this.seed = seed;
    this.lexicon = Lexicon.of(seed);
    this.storyteller = new Storyteller(lexicon);
    List<Request> requests = shuffled(allRequests(lexicon), REQUESTS);
    int heldOut = requests.size() / 10;
    this.heldOutPrompts = shuffled(allWordings(requests.subList(0, heldOut)), HELD_OUT);
    this.trainPrompts = shuffled(allWordings(requests.subList(heldOut, requests.size())), PROMPTS);
    this.gold =
        MicroWorldReward.calibrated(
            "micro-world:" + seed, lexicon, stories(CALIBRATION_STORIES, CALIBRATION));
  }

  /** The world of this seed. */
  public static MicroWorld generate(long seed) {
    return new MicroWorld(seed);
  }

  /** The vocabulary in a stable order, special tokens not included. */
  public List<String> words() {
    return List.copyOf(lexicon.words().keySet());
  }

  /** {@code n} prompts with responses whose quality is left to chance: what a base model reads. */
  public List<Demonstration> corpus(int n) {
    return stories(n, CORPUS);
  }

  /** {@code n} different prompts to train on, of 10,368. */
  public List<String> prompts(int n) {
    return first(n, trainPrompts, "prompts");
  }

  /**
   * {@code n} different prompts whose (mood, character, thing) no training prompt asks for, of
   * 1,152.
   */
  public List<String> heldOutPrompts(int n) {
    return first(n, heldOutPrompts, "held-out prompts");
  }

  /** Its judge: mean 0 and standard deviation 1 over the corpus. */
  public GoldReward gold() {
    return gold;
  }

  Lexicon lexicon() {
    return lexicon;
  }

  private List<Demonstration> stories(int n, long stream) {
    Require.that(n >= 0, "stories: %s (expected: >= 0)", n);
    List<Demonstration> stories = new ArrayList<>(n);
    for (int i = 0; i < n; i++) {
      Dice dice = new Dice(CounterRandom.of(seed, stream, i));
      String prompt = dice.pick(trainPrompts);
      String response = storyteller.tell(Request.parse(prompt, lexicon), dice);
      stories.add(new Demonstration(prompt, response));
    }
    return stories;
  }

  private <T> List<T> shuffled(List<T> items, long stream) {
    return new Dice(CounterRandom.of(seed, stream)).draw(items, items.size());
  }

  private static List<Request> allRequests(Lexicon lexicon) {
    List<Request> requests = new ArrayList<>();
    for (int mood = 0; mood < lexicon.moods().size(); mood++) {
      for (String character : flat(lexicon.characters())) {
        for (String thing : flat(lexicon.things())) {
          requests.add(new Request(mood, character, thing));
        }
      }
    }
    return requests;
  }

  private List<String> allWordings(List<Request> requests) {
    List<String> prompts = new ArrayList<>();
    for (Request request : requests) {
      for (int wording = 0; wording < Request.WORDINGS.size(); wording++) {
        prompts.add(request.prompt(wording, lexicon));
      }
    }
    return prompts;
  }

  private static List<String> flat(List<List<String>> groups) {
    return groups.stream().flatMap(List::stream).toList();
  }

  private static List<String> first(int n, List<String> all, String what) {
    Require.that(n >= 0 && n <= all.size(), "%s: %s (expected: 0 to %s)", what, n, all.size());
    return all.subList(0, n);
  }
}
