package rto.lm;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import rto.protocol.Require;
import rto.tensor.Script;

/**
 * The gradient of an objective through the decoder, for a micro-batch.
 *
 * <p>The objective is a TorchScript method {@code objective(self, output, columns)} over what the
 * model put out at the positions read: log-probabilities for a language head, scalars for a scalar
 * head. Beside a frozen reference it is, per response token, log π − log π_ref and KL(π_ref ‖ π)
 * over the whole vocabulary, [2, N]. It returns the loss and then metrics, each a sum over
 * elements, so that micro-batches add up to the batch whatever its cut.
 *
 * <p>May be used by several compute threads at once.
 */
public final class Differentiator {

  /** Which positions the objective reads. */
  public enum Read {
    /** One output per response token, read at the position before it. */
    EVERY_TOKEN,
    /**
     * The same, and the loss is a sum over tokens: each has its own entry in every column, and its
     * part depends on them and its output alone. So the loss of some tokens can be taken before the
     * outputs of the others are known.
     */
    TOKEN_BY_TOKEN,
    /** One output per sequence, read at its last token. */
    LAST_TOKEN
  }

  private final DecoderConfig config;
  private final Read read;
  private final Passes passes;
  private final Script script;
  private final Optional<Decoder> reference;

  /**
   * Compiles the objective into the decoder.
   *
   * @param objective source of the method, and of others that it calls, indented alike
   */
  public Differentiator(DecoderConfig config, Read read, String objective) {
    this(config, Passes.of(config), read, objective);
  }

  /** The same, computed as told. */
  public Differentiator(DecoderConfig config, Passes passes, Read read, String objective) {
    this(config, passes, read, objective, Optional.empty());
  }

  private Differentiator(
      DecoderConfig config,
      Passes passes,
      Read read,
      String objective,
      Optional<Decoder> reference) {
    Require.that(
        read != Read.LAST_TOKEN || config.head() instanceof Head.Scalar,
        "head: %s (expected: a Scalar head, for an objective that reads the last token)",
        config.head());
    this.config = config;
    this.read = read;
    this.passes = passes;
    this.script = passes.training(config, read, objective);
    this.reference = reference;
  }

  /**
   * Compiles an objective on how a policy differs from a frozen one, at every response token.
   *
   * @param reference of the policy's configuration, without an adapter; read with each micro-batch,
   *     never kept as distributions and never differentiated; stays the caller's
   */
  public static Differentiator against(Decoder reference, String objective) {
    return against(reference, reference.passes(), objective);
  }

  /** The same, computed as told. */
  public static Differentiator against(Decoder reference, Passes passes, String objective) {
    Require.that(
        reference.config().head() instanceof Head.Language,
        "head: %s (expected: a Language head, for an objective on distributions)",
        reference.config().head());
    return new Differentiator(
        reference.config(), passes, Read.EVERY_TOKEN, objective, Optional.of(reference));
  }

  public DecoderConfig config() {
    return config;
  }

  /** The gradients as below, of a model without dropout or of no particular update. */
  public NDList gradients(
      NDManager scope,
      Decoder decoder,
      List<Sequence> sequences,
      double temperature,
      NDList columns) {
    return gradients(scope, decoder, sequences, temperature, columns, 0);
  }

  /**
   * Returns the loss, the metrics and then one gradient per tensor of {@link Decoder#trained}, all
   * float32 and owned by {@code scope}.
   *
   * @param temperature divides the logits of a language head
   * @param columns what the objective needs beside the output; may be empty
   * @param update which update this is part of, of which training: says together with a sequence's
   *     tokens what an adapter's dropout drops
   */
  public NDList gradients(
      NDManager scope,
      Decoder decoder,
      List<Sequence> sequences,
      double temperature,
      NDList columns,
      long update) {
    Require.that(!sequences.isEmpty(), "sequences: none (expected: at least one)");
    Require.that(
        decoder.config().equals(config),
        "decoder: %s (expected: the configuration of this objective, %s)",
        decoder.config(),
        config);
    Require.that(
        decoder.adapter().map(Adapter::lora).equals(passes.lora()),
        "decoder: %s (expected: the adapter of this objective, %s)",
        decoder.adapter().map(Adapter::lora),
        passes.lora());
    Reading.requireTemperature(temperature);
    try (NDManager local = scope.newSubManager()) {
      Reading.checked(sequences, config);
      Batch batch = passes.batch(sequences, read, local);
      List<Object> arguments = new ArrayList<>(batch.arrays());
      arguments.add(local.create((float) temperature));
      arguments.add(columns.isEmpty() ? new NDList(local.create(new float[1])) : columns);
      reference.ifPresent(frozen -> arguments.add(frozen.tensors()));
      NDList weights = new NDList(decoder.tensors());
      if (passes.drops()) {
        weights.add(batch.keys(sequences, update, local));
      }
      arguments.add(weights);
      return script.train(
          scope,
          reference.isPresent() ? passes.gradientsAgainst() : passes.gradients(),
          arguments.toArray());
    }
  }
}
