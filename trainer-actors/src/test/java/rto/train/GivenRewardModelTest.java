package rto.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.algorithm.DpoLoss;
import rto.data.Preference;
import rto.data.PreferenceDataset;
import rto.data.world.MicroWorld;
import rto.data.world.WordTokenizerFiles;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.Sequence;
import rto.lm.Weights;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;
import rto.metrics.MetricsLog;
import rto.metrics.Progress;
import rto.protocol.Prompt;
import rto.protocol.ScoredTrajectory;
import rto.protocol.Trajectory;
import rto.tensor.ComputePool;

/** A reward model that was there before the run, with the policy's tokens or with others. */
class GivenRewardModelTest {

  private static final int SPECIAL = 3;
  private static final List<String> WORDS = MicroWorld.generate(1).words();
  private static final ModelSource BASE = new ModelSource.Scratch(16, 24, 1, 2, 1, 96);

  @TempDir Path temp;
  private RunFolder run;
  private Path given;

  @BeforeEach
  void makeFolders() throws IOException {
    run = new RunFolder(Files.createDirectory(temp.resolve("run")));
    given = Files.createDirectory(temp.resolve("given"));
    DecoderConfig config =
        new DecoderConfig(
            SPECIAL + WORDS.size(), 16, 24, 1, 2, 1, 8, 1e-5, 10_000, 96, 1, 2, Head.Scalar.raw());
    try (Decoder model = new Decoder(config, loud(config))) {
      HfCheckpoint.save(model, given);
    }
  }

  /** Random weights with a head that says something. */
  private static Weights loud(DecoderConfig config) {
    Weights weights = Weights.random(config, 7);
    weights.get("model.embed_tokens.weight").muli(50);
    weights.get("score.weight").muli(50);
    return weights;
  }

  @Test
  void withTheSameTokenizerScoresAreThoseOfTheSameTokens() throws IOException {
    WordTokenizerFiles.write(given, WORDS);
    runStages();
    try (Decoder model = HfCheckpoint.load(run.rewardModel());
        RewardModel reward = RewardModel.load(BASE, run, models())) {
      List<ScoredTrajectory> some = trajectories();
      float[] expected = model.scores(Scoring.sequences(some), 4);
      assertThat(scores(reward, some)).containsExactly(expected);
      assertThat(expected).doesNotHaveDuplicates();
    }
    try (Decoder critic = FirstCritic.load(run.base(), run.rewardModel());
        Decoder model = HfCheckpoint.load(run.rewardModel())) {
      assertThat(Tiny.digest(critic.weights())).isEqualTo(Tiny.digest(model.weights()));
    }
  }

  /** Words backwards: the word of token 3 + i has the other model's token 3 + (n - 1 - i). */
  @Test
  void withAnotherTokenizerScoresAreThoseOfTheTextInItsTokens() throws IOException {
    List<String> backwards = new ArrayList<>(WORDS);
    Collections.reverse(backwards);
    WordTokenizerFiles.write(given, backwards);
    runStages();
    try (Decoder model = HfCheckpoint.load(run.rewardModel());
        RewardModel reward = RewardModel.load(BASE, run, models())) {
      List<ScoredTrajectory> some = trajectories();
      List<Sequence> byHand =
          Scoring.sequences(some).stream()
              .map(s -> new Sequence(translated(s.prompt()), translated(s.response())))
              .toList();
      assertThat(scores(reward, some)).containsExactly(model.scores(byHand, 4));
      assertThat(scores(reward, some)).isNotEqualTo(model.scores(Scoring.sequences(some), 4));
    }
  }

  @Test
  void withAnotherTokenizerTheCriticIsTheBaseWithAHeadThatSaysNothing() throws IOException {
    WordTokenizerFiles.write(given, WORDS.subList(0, WORDS.size() - 1));
    runStages();
    try (Decoder critic = FirstCritic.load(run.base(), run.rewardModel());
        Decoder base = HfCheckpoint.load(run.base())) {
      assertThat(critic.values(Scoring.sequences(trajectories()), 4))
          .allSatisfy(values -> assertThat(values).containsOnly(0f));
      assertThat(critic.weights().get("model.embed_tokens.weight").toFloatArray())
          .isEqualTo(base.weights().get("model.embed_tokens.weight").toFloatArray());
    }
  }

  @Test
  void itsScoresOnHeldOutPairsGetMeanZeroAndDeviationOne() throws IOException {
    List<String> backwards = new ArrayList<>(WORDS);
    Collections.reverse(backwards);
    WordTokenizerFiles.write(given, backwards);
    runStages();
    try (Decoder model = HfCheckpoint.load(run.rewardModel());
        Tokenizer own = Tokenizer.ofModel(given)) {
      List<Sequence> sequences = new ArrayList<>();
      for (Preference p :
          PreferenceDataset.read(run.preferences().resolve("held-out.jsonl")).examples()) {
        sequences.add(own.encode(p.prompt(), p.chosen(), !p.chosenTruncated()));
        sequences.add(own.encode(p.prompt(), p.rejected(), !p.rejectedTruncated()));
      }
      float[] scores = model.scores(sequences, 4);
      double mean =
          IntStream.range(0, scores.length).mapToDouble(i -> scores[i]).average().orElse(9);
      double square =
          IntStream.range(0, scores.length)
              .mapToDouble(i -> scores[i] * scores[i])
              .average()
              .orElse(9);
      assertThat(mean).isCloseTo(0, within(1e-5));
      assertThat(square).isCloseTo(1, within(1e-5));
    }
  }

  private static int[] translated(int[] tokens) {
    return IntStream.of(tokens)
        .map(t -> t < SPECIAL ? t : 2 * SPECIAL + WORDS.size() - 1 - t)
        .toArray();
  }

  private static float[] scores(RewardModel reward, List<ScoredTrajectory> trajectories) {
    return reward.scores(trajectories.stream().map(ScoredTrajectory::trajectory).toList(), 4);
  }

  /** To prompts of the run: one that ended, one that was cut off, one of a prompt unknown to it. */
  private List<ScoredTrajectory> trajectories() throws IOException {
    try (Tokenizer tokenizer = Tokenizer.ofModel(run.base())) {
      int[] first = tokenizer.encode(RunPrompts.read(run).train().get(0));
      int[] second = tokenizer.encode(RunPrompts.read(run).heldOut().get(0));
      return List.of(
          trajectory(first, false, 5, 6, 7, 2),
          trajectory(second, true, 8, 9),
          trajectory(new int[] {1, 4, 4, 11}, false, 2));
    }
  }

  private static ScoredTrajectory trajectory(int[] prompt, boolean truncated, int... response) {
    return ScoredTrajectory.unscored(
        new Trajectory(
            new Prompt(0, prompt), 0, response, new float[response.length], truncated, 0));
  }

  private Models models() {
    return Models.of(run.base(), Optional.empty());
  }

  private void runStages() throws IOException {
    StageSettings once = new StageSettings(1, 8, 4, 1e-3);
    RunSettings settings =
        new RunSettings(
            1,
            1,
            BASE,
            Optional.empty(),
            new DataSource.World(32, 10, 4),
            Optional.of(once),
            new PreferenceDataSettings(20, 0.2, 0.5, "micro-world:1"),
            RewardModelSettings.trained(once).withPath(Optional.of(given)),
            new DpoLoss(0.1, 0),
            once,
            Tiny.rto(1, 1, 12, 4, 1e-3),
            Tiny.adam(),
            4,
            new Resources(1, 1, List.of("cpu"), 3, Duration.ofMinutes(5)));
    try (ComputePool pool = new ComputePool("test", 1);
        MetricsLog metrics = MetricsLog.open(run.metrics())) {
      new Stages(settings, run, pool, Progress.silent(), metrics).run();
    }
  }
}
