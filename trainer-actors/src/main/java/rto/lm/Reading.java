package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rto.lm.Differentiator.Read;
import rto.protocol.Require;
import rto.tensor.Script;
import rto.tensor.Torch;

/** A decoder's forward passes over given tokens, some sequences at a time. */
final class Reading {

  private final DecoderConfig config;
  private final Passes passes;
  private final NDList tensors;

  /** Compiled at the first use: a model that only generates has none. */
  private volatile Script script;

  /**
   * @param tensors what the scripts compute with, in their order; stay the caller's
   */
  Reading(DecoderConfig config, Passes passes, NDList tensors) {
    this.config = config;
    this.passes = passes;
    this.tensors = tensors;
  }

  /** What the head says at the position before each response token: one [H] per sequence. */
  List<float[]> everyToken(List<Sequence> sequences, double temperature, int microBatch) {
    requireTemperature(temperature);
    requireMicroBatch(microBatch);
    List<float[]> results = new ArrayList<>(sequences.size());
    for (int from = 0; from < sequences.size(); from += microBatch) {
      int to = Math.min(sequences.size(), from + microBatch);
      List<Sequence> some = sequences.subList(from, to);
      split(output(some, Read.EVERY_TOKEN, temperature), some, results);
    }
    return results;
  }

  /** What the head says at each sequence's last token. */
  float[] lastToken(List<Sequence> sequences, int microBatch) {
    requireMicroBatch(microBatch);
    float[] results = new float[sequences.size()];
    for (int from = 0; from < results.length; from += microBatch) {
      int to = Math.min(results.length, from + microBatch);
      float[] part = output(sequences.subList(from, to), Read.LAST_TOKEN, 1);
      System.arraycopy(part, 0, results, from, part.length);
    }
    return results;
  }

  /** The logits [T][V] at every position of one sequence of tokens. */
  float[][] logits(int[] tokens) {
    Require.that(
        tokens.length > 0 && tokens.length <= config.maxPositions(),
        "tokens: %s (expected: in 1..max_position_embeddings, %s)",
        tokens.length,
        config.maxPositions());
    config.requireTokens(tokens);
    try (NDManager scope = Torch.newScope()) {
      NDArray input = scope.create(tokens).toType(DataType.INT64, false);
      float[] flat =
          Scripts.forward(config, passes.lora())
              .run(scope, "logits", input.reshape(new Shape(1, tokens.length)), tensors)
              .singletonOrThrow()
              .toFloatArray();
      float[][] rows = new float[tokens.length][];
      for (int t = 0; t < rows.length; t++) {
        rows[t] = Arrays.copyOfRange(flat, t * config.vocabSize(), (t + 1) * config.vocabSize());
      }
      return rows;
    }
  }

  private float[] output(List<Sequence> sequences, Read read, double temperature) {
    try (NDManager scope = Torch.newScope()) {
      Batch batch = passes.batch(checked(sequences, config), read, scope);
      List<Object> arguments = new ArrayList<>(batch.arrays());
      arguments.add(scope.create((float) temperature));
      arguments.add(tensors);
      return script()
          .run(scope, passes.output(), arguments.toArray())
          .singletonOrThrow()
          .toFloatArray();
    }
  }

  private Script script() {
    Script compiled = script;
    if (compiled == null) {
      compiled = passes.forward(config);
      script = compiled;
    }
    return compiled;
  }

  /** Refuses what a model cannot read, by name, before libtorch fails on it. */
  static List<Sequence> checked(List<Sequence> sequences, DecoderConfig config) {
    for (Sequence s : sequences) {
      Require.that(
          s.length() <= config.maxPositions(),
          "sequence: %s tokens (expected: at most max_position_embeddings, %s)",
          s.length(),
          config.maxPositions());
      config.requireTokens(s.prompt());
      config.requireTokens(s.response());
    }
    return sequences;
  }

  static void requireTemperature(double temperature) {
    Require.that(
        temperature > 0 && Double.isFinite(temperature),
        "temperature: %s (expected: > 0)",
        temperature);
  }

  private static void requireMicroBatch(int microBatch) {
    Require.that(microBatch > 0, "micro-batch: %s (expected: > 0)", microBatch);
  }

  private static void split(float[] flat, List<Sequence> sequences, List<float[]> into) {
    int at = 0;
    for (Sequence s : sequences) {
      into.add(Arrays.copyOfRange(flat, at, at + s.response().length));
      at += s.response().length;
    }
  }
}
