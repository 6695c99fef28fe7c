package rto.train;

import static rto.protocol.Require.problem;

import java.io.IOException;
import java.nio.file.Path;
import rto.lm.ComputeType;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.io.Tokenizer;
import rto.protocol.AbsentMeans;
import rto.protocol.Named;
import rto.protocol.Require;

/** Where the first language model comes from. */
public sealed interface ModelSource {

  /**
   * Random weights in the shape of a small Llama; the supervised stage makes it a base model.
   *
   * @param hiddenSize D
   * @param feedForwardSize F
   * @param layers decoder layers
   * @param queryHeads attention heads
   * @param kvHeads key-value heads
   * @param maxPositions longest sequence
   * @param computeType of all models of the run
   */
  @Named("scratch")
  record Scratch(
      int hiddenSize,
      int feedForwardSize,
      int layers,
      int queryHeads,
      int kvHeads,
      int maxPositions,
      @AbsentMeans("float32") ComputeType computeType)
      implements ModelSource {

    private static final double NORM_EPS = 1e-5;
    private static final double ROPE_THETA = 10_000;

    /** In float32. */
    public Scratch(
        int hiddenSize,
        int feedForwardSize,
        int layers,
        int queryHeads,
        int kvHeads,
        int maxPositions) {
      this(
          hiddenSize,
          feedForwardSize,
          layers,
          queryHeads,
          kvHeads,
          maxPositions,
          ComputeType.FLOAT32);
    }

    public Scratch {
      Require.all(
          problem(hiddenSize > 0, "hidden-size: %s (expected: > 0)", hiddenSize),
          problem(feedForwardSize > 0, "feed-forward-size: %s (expected: > 0)", feedForwardSize),
          problem(layers > 0, "layers: %s (expected: > 0)", layers),
          problem(
              queryHeads > 0 && hiddenSize % (2 * queryHeads) == 0,
              "query-heads: %s (expected: a divisor of hidden-size / 2)",
              queryHeads),
          problem(
              kvHeads > 0 && queryHeads % kvHeads == 0,
              "kv-heads: %s (expected: a divisor of query-heads)",
              kvHeads),
          problem(maxPositions > 0, "max-positions: %s (expected: > 0)", maxPositions));
    }

    /** This shape for a vocabulary. */
    DecoderConfig config(int vocabSize, int bosToken, int eosToken) {
      return new DecoderConfig(
          vocabSize,
          hiddenSize,
          feedForwardSize,
          layers,
          queryHeads,
          kvHeads,
          hiddenSize / queryHeads,
          NORM_EPS,
          ROPE_THETA,
          maxPositions,
          bosToken,
          eosToken,
          new Head.Language(true));
    }
  }

  /**
   * A pretrained model in the Hugging Face layout.
   *
   * @param chatTemplate whether prompts are what a user says to it, rendered by its chat template
   * @param computeType of all models of the run
   */
  @Named("checkpoint")
  record Checkpoint(
      Path path,
      @AbsentMeans("false") boolean chatTemplate,
      @AbsentMeans("float32") ComputeType computeType)
      implements ModelSource {

    /** Prompts are plain text; in float32. */
    public Checkpoint(Path path) {
      this(path, false, ComputeType.FLOAT32);
    }

    @Override
    public boolean isChat() {
      return chatTemplate;
    }
  }

  /** The numbers that the run's models compute in; it stands in each one's config.json. */
  ComputeType computeType();

  /** Whether prompts are rendered by a chat template. */
  default boolean isChat() {
    return false;
  }

  /** Loads the tokenizer of this model, or of one made from it. */
  default Tokenizer tokenizer(Path folder) throws IOException {
    return isChat() ? Tokenizer.ofChatModel(folder) : Tokenizer.ofModel(folder);
  }

  /** The same of a folder that does not have its model yet. */
  default Tokenizer tokenizer(Path folder, DecoderConfig config) throws IOException {
    return isChat() ? Tokenizer.loadChat(folder, config) : Tokenizer.load(folder, config);
  }
}
