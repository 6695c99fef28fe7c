package rto.node;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import rto.algorithm.TokenReward;
import rto.algorithm.TokenRewards;
import rto.lm.Decoder;
import rto.lm.io.TokenTexts;
import rto.lm.io.Tokenizer;
import rto.node.dashboard.Report;
import rto.protocol.Prompt;
import rto.protocol.Sampling;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.train.Models;
import rto.train.Responder;
import rto.train.RewardModel;
import rto.train.RunFolder;
import rto.train.RunSettings;
import rto.train.Scoring;

/** What each token of some responses earns by the rule of the run, and who pays it. */
record TokenPay(RunSettings settings, RunFolder folder, Models models) {

  /** All models answer at temperature 1, whatever the policy was trained at. */
  static Sampling sampling(RunSettings settings) {
    return Sampling.plain(settings.rto().maxNewTokens());
  }

  /** All models are read at the temperature at which the replies were sampled. */
  List<Report.TokenRewards> of(
      List<Responder.Reply> replies, Tokenizer tokenizer, Decoder base, double beta2)
      throws IOException {
    TokenReward rule = settings.rto().rule(() -> tokenizer.vocabulary(base.config().vocabSize()));
    List<ScoredTrajectory> scored = scored(replies, base, rule);
    return IntStream.range(0, replies.size())
        .mapToObj(i -> shown(replies.get(i), tokenizer, rule.perToken(scored.get(i), beta2)))
        .toList();
  }

  private List<ScoredTrajectory> scored(
      List<Responder.Reply> replies, Decoder base, TokenReward rule) throws IOException {
    Scoring scoring = new Scoring(sampling(settings).temperature(), settings.rto().microBatch());
    List<ScoredTrajectory> scored =
        scoring.reference(base, replies.stream().map(this::unscored).toList());
    if (rule.needs().contains(TokenReward.Column.DPO)) {
      try (Decoder dpo = models.load(folder.dpo())) {
        scored = scoring.dpo(dpo, scored);
      }
    }
    try (RewardModel reward = RewardModel.load(settings.model(), folder, models)) {
      return scoring.reward(reward, scored);
    }
  }

  private ScoredTrajectory unscored(Responder.Reply reply) {
    return ScoredTrajectory.unscored(
        new Trajectory(
            new Prompt(0, reply.promptTokens()),
            0,
            reply.response().tokens(),
            reply.response().logProbs(),
            reply.response().truncated(),
            settings.rto().iterations()));
  }

  private static Report.TokenRewards shown(
      Responder.Reply reply, Tokenizer tokenizer, TokenRewards rewards) {
    List<String> texts = TokenTexts.of(tokenizer, reply.promptTokens(), reply.response().tokens());
    return new Report.TokenRewards(
        reply.prompt(),
        IntStream.range(0, texts.size())
            .mapToObj(h -> new Report.Token(texts.get(h), parts(rewards, h)))
            .toList());
  }

  private static Report.Parts parts(TokenRewards rewards, int h) {
    return new Report.Parts(
        rewards.dpo()[h], rewards.kl()[h], rewards.sentence()[h], rewards.shaping()[h]);
  }
}
