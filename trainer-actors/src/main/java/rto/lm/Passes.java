package rto.lm;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.Optional;
import rto.lm.Differentiator.Read;
import rto.lm.lora.LoraConfig;
import rto.tensor.Script;

/**
 * How a decoder's passes are computed, forward and in reverse.
 *
 * @param kernels part of the result: the two round differently
 * @param keeping no part of the result
 * @param lora the adapter that is read beside the weights, and alone learns, if there is one
 */
public record Passes(Kernels kernels, Keeping keeping, Optional<LoraConfig> lora) {

  /** Without an adapter. */
  public Passes(Kernels kernels, Keeping keeping) {
    this(kernels, keeping, Optional.empty());
  }

  /** What a decoder of this shape takes unless it is told otherwise. */
  public static Passes of(DecoderConfig config) {
    return new Passes(Kernels.of(config), Keeping.EVERYTHING);
  }

  /** The same with an adapter, or without one. */
  public Passes over(Optional<LoraConfig> other) {
    return new Passes(kernels, keeping, other);
  }

  /** The forward pass. */
  Script forward(DecoderConfig config) {
    return switch (kernels) {
      case PLAIN -> Scripts.forward(config, lora);
      case ONEDNN -> Scripts.rows(config, lora);
    };
  }

  /** Its method that puts out what the head says at the positions read. */
  String output() {
    return switch (kernels) {
      case PLAIN -> "output";
      case ONEDNN -> "row_output";
    };
  }

  /** Forward and reverse pass of an objective. */
  Script training(DecoderConfig config, Read read, String objective) {
    return switch (kernels) {
      case PLAIN -> Scripts.training(config, lora, objective);
      case ONEDNN -> Scripts.reverse(config, lora, keeping, read == Read.TOKEN_BY_TOKEN, objective);
    };
  }

  /** Its method that puts out the loss, the metrics and the gradients. */
  String gradients() {
    return switch (kernels) {
      case PLAIN -> "gradients";
      case ONEDNN -> "gradients_by_layers";
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
      case ONEDNN -> RowBatch.of(sequences, read, scope);
    };
  }
}
