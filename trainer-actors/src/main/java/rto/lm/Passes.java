package rto.lm;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.protocol.Require;
import rto.tensor.Script;

/**
 * How a decoder's passes are computed, forward and in reverse.
 *
 * @param kernels part of the result: the two round differently
 * @param type part of the result
 * @param keeping no part of the result
 * @param lora the adapter that is read beside the weights, and alone learns, if there is one
 */
public record Passes(
    Kernels kernels, ComputeType type, Keeping keeping, Optional<LoraConfig> lora) {

  public Passes {
    Require.that(
        type == ComputeType.FLOAT32 || kernels == Kernels.ROWS,
        "kernels: %s (expected: %s, for %s)",
        kernels,
        Kernels.ROWS,
        type);
  }

  /** Without an adapter. */
  public Passes(Kernels kernels, ComputeType type, Keeping keeping) {
    this(kernels, type, keeping, Optional.empty());
  }

  /** The same in float32. */
  public Passes(Kernels kernels, Keeping keeping) {
    this(kernels, ComputeType.FLOAT32, keeping);
  }

  /** What a decoder of this shape takes unless it is told otherwise. */
  public static Passes of(DecoderConfig config) {
    return of(config, ComputeType.FLOAT32);
  }

  /** The same in these numbers. */
  public static Passes of(DecoderConfig config, ComputeType type) {
    return new Passes(Kernels.of(config, type), type, Keeping.EVERYTHING);
  }

  /** The same with an adapter, or without one. */
  public Passes over(Optional<LoraConfig> other) {
    return new Passes(kernels, type, keeping, other);
  }

  /** The same, keeping something else. */
  public Passes keeping(Keeping other) {
    return new Passes(kernels, type, other, lora);
  }

  /** Whether what is differentiated reads keys of dropout behind the weights. */
  boolean drops() {
    return lora.stream().anyMatch(some -> some.dropped() > 0);
  }

  /** The forward pass. */
  Script forward(DecoderConfig config) {
    return switch (kernels) {
      case PLAIN -> Scripts.forward(config, lora);
      case ROWS -> Scripts.rows(config, lora);
    };
  }

  /** Its method that puts out what the head says at the positions read. */
  String output() {
    return switch (kernels) {
      case PLAIN -> "output";
      case ROWS -> "row_output";
    };
  }

  /** Forward and reverse pass of an objective. */
  Script training(DecoderConfig config, Read read, String objective) {
    return switch (kernels) {
      case PLAIN -> Scripts.training(config, lora, objective);
      case ROWS ->
          Scripts.reverse(config, lora, type, keeping, read == Read.TOKEN_BY_TOKEN, objective);
    };
  }

  /** Its method that puts out the loss, the metrics and the gradients. */
  String gradients() {
    return switch (kernels) {
      case PLAIN -> "gradients";
      case ROWS -> "gradients_by_layers";
    };
  }

  /** The same beside a frozen reference. */
  String gradientsAgainst() {
    return gradients() + "_against";
  }

  /** Sequences as these methods take them. */
  Batch batch(List<Sequence> sequences, Read read, NDManager scope) {
    return switch (kernels) {
      case PLAIN -> PackedBatch.of(sequences, read, scope);
      case ROWS -> RowBatch.of(sequences, read, scope);
    };
  }
}
