package rto.train;

import static rto.protocol.Require.problem;

import rto.protocol.Require;

/**
 * Preferences by the gold-reward protocol: sample two responses per prompt from the supervised
 * model, label them by a programmed reward through Bradley–Terry noise.
 *
 * @param pairs how many
 * @param heldOut part of the prompts, and with them of the pairs, that only measures the reward
 *     model
 * @param labelTemperature spread of the noise, in units of the gold reward; 0 means no noise
 * @param gold the programmed reward's name; only labelling and evaluation see it
 */
public record PreferenceDataSettings(
    int pairs, double heldOut, double labelTemperature, String gold) {

  public PreferenceDataSettings {
    Require.all(
        problem(pairs >= 2, "pairs: %s (expected: >= 2)", pairs),
        problem(0 < heldOut && heldOut < 1, "held-out: %s (expected: in (0, 1))", heldOut),
        problem(
            labelTemperature >= 0 && Double.isFinite(labelTemperature),
            "label-temperature: %s (expected: >= 0)",
            labelTemperature));
  }
}
