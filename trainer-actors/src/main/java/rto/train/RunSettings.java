package rto.train;

import static rto.protocol.Require.problem;

import java.util.Optional;
import rto.algorithm.PreferenceLoss;
import rto.lm.lora.LoraConfig;
import rto.protocol.AbsentMeans;
import rto.protocol.Require;

/**
 * Everything that decides a run's result, and what the machine gives to it.
 *
 * @param seed of data, weights, order and sampling
 * @param torchThreads intra-op threads of libtorch; another number may round differently
 * @param model the first language model
 * @param lora the adapters that all stages train over one base; absent: they train all weights
 * @param data prompts and demonstrations
 * @param supervised base training or supervised fine-tuning; absent means the model stays as it is
 * @param preferences how pairs are made, unless the data has some
 * @param rewardModel r_MLE, given or trained
 * @param preferenceLoss the loss of the preference stage
 * @param dpo its training
 * @param rto the policy stage
 * @param optimizer of all stages
 * @param evaluationPrompts held-out prompts that the evaluation uses
 * @param resources of this machine; but for the kind of device they do not change the result
 */
public record RunSettings(
    long seed,
    int torchThreads,
    ModelSource model,
    @AbsentMeans("off") Optional<LoraConfig> lora,
    DataSource data,
    Optional<StageSettings> supervised,
    PreferenceDataSettings preferences,
    RewardModelSettings rewardModel,
    PreferenceLoss preferenceLoss,
    StageSettings dpo,
    RtoSettings rto,
    OptimizerSettings optimizer,
    int evaluationPrompts,
    Resources resources) {

  public RunSettings {
    Require.all(
        problem(torchThreads > 0, "torch-threads: %s (expected: > 0)", torchThreads),
        problem(
            evaluationPrompts >= 2, "evaluation-prompts: %s (expected: >= 2)", evaluationPrompts),
        problem(
            !(model instanceof ModelSource.Scratch) || supervised.isPresent(),
            "supervised: missing (expected: a stage, since the model starts from scratch)"),
        problem(
            model == null || !model.isChat() || data == null || data instanceof DataSource.Files,
            "data: prompts of the trainer's own making (expected: files, since model.chat-template"
                + " is on)"),
        problem(
            !(model instanceof ModelSource.Scratch)
                || data == null
                || data instanceof DataSource.World,
            "model: scratch (expected: a checkpoint, since only the micro-world brings a"
                + " vocabulary)"));
  }

  /**
   * The same run with the machine left out, but for the kind of device: what makes two runs the
   * same run.
   */
  public RunSettings identity() {
    return new RunSettings(
        seed,
        torchThreads,
        model,
        lora,
        data,
        supervised,
        preferences,
        rewardModel,
        preferenceLoss,
        dpo,
        rto,
        optimizer,
        evaluationPrompts,
        resources.decisive());
  }
}
