package rto.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import rto.data.Preference;
import rto.data.PromptSplit;
import rto.data.gold.BradleyTerryLabeller;
import rto.data.gold.GoldReward;
import rto.lm.Decoder;
import rto.protocol.Sampling;

/**
 * The gold-reward protocol (as in work on reward-model over-optimisation, Gao et al.,
 * arXiv:2210.10760): two samples per prompt, labelled by a programmed reward with Bradley–Terry
 * noise.
 */
public final class PreferenceMaker {

  private static final long FIRST = 11;
  private static final long SECOND = 12;

  private final Responder responder;
  private final GoldReward gold;
  private final double labelTemperature;

  public PreferenceMaker(Responder responder, GoldReward gold, double labelTemperature) {
    this.responder = responder;
    this.gold = gold;
    this.labelTemperature = labelTemperature;
  }

  /**
   * At most {@code pairs} pairs, walking over the prompts of each side as often as it takes; a pair
   * with an empty response is left out.
   *
   * @param heldOut part of the prompts, and of the pairs, that is held out; 0 holds nothing out
   */
  public PromptSplit.Pairs make(
      Decoder model,
      List<String> prompts,
      int pairs,
      double heldOut,
      Sampling sampling,
      long seed) {
    PromptSplit split = PromptSplit.of(prompts, heldOut);
    int heldOutPairs = PromptSplit.share(pairs, heldOut);
    List<String> asked = new ArrayList<>(pairs);
    asked.addAll(walk(split.train(), pairs - heldOutPairs));
    asked.addAll(walk(split.heldOut(), heldOutPairs));
    return split.split(labelled(model, asked, sampling, seed));
  }

  private static List<String> walk(List<String> prompts, int steps) {
    return IntStream.range(0, steps).mapToObj(i -> prompts.get(i % prompts.size())).toList();
  }

  private List<Preference> labelled(
      Decoder model, List<String> asked, Sampling sampling, long seed) {
    List<Responder.Reply> a =
        responder.respond("preferences, first", model, asked, sampling, seed, FIRST);
    List<Responder.Reply> b =
        responder.respond("preferences, second", model, asked, sampling, seed, SECOND);
    BradleyTerryLabeller labeller = new BradleyTerryLabeller(labelTemperature, seed);
    List<Preference> labelled = new ArrayList<>(asked.size());
    for (int i = 0; i < asked.size(); i++) {
      if (a.get(i).text().isBlank() || b.get(i).text().isBlank()) {
        continue;
      }
      boolean first = labeller.prefersFirst(score(a.get(i)), score(b.get(i)), i);
      labelled.add(first ? pair(a.get(i), b.get(i)) : pair(b.get(i), a.get(i)));
    }
    return labelled;
  }

  private double score(Responder.Reply reply) {
    return gold.score(reply.prompt(), reply.text(), reply.response().truncated());
  }

  private static Preference pair(Responder.Reply chosen, Responder.Reply rejected) {
    return new Preference(
        chosen.prompt(),
        chosen.text(),
        rejected.text(),
        chosen.response().truncated(),
        rejected.response().truncated());
  }
}
