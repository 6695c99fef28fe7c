package rto.lm;

import ai.djl.ndarray.NDList;
import java.util.List;
import java.util.Optional;
import rto.lm.lora.LoraConfig;
import rto.protocol.Require;

/**
 * A decoder with weights: what it says about given tokens. One engine serves sampling, scoring and
 * training, so that their log-probabilities agree by construction.
 *
 * <p>Several compute threads may read one decoder at once, and what each gets is the same to the
 * bit as if it were alone. Whoever changes the weights, an optimizer step or {@link #close}, must
 * be the only one meanwhile. Owns its weights; with an adapter, the adapter's, and its base
 * together with those that share it.
 */
public final class Decoder implements AutoCloseable {

  private final DecoderConfig config;
  private final Weights weights;
  private final Passes passes;
  private final Optional<Weights> rounded;
  private final Optional<Adapter> adapter;
  private final boolean shares;
  private final NDList tensors;
  private final Reading reading;

  /** Takes over the weights. */
  public Decoder(DecoderConfig config, Weights weights) {
    this(config, weights, Passes.of(config));
  }

  /** The same, computed as told. */
  public Decoder(DecoderConfig config, Weights weights, Passes passes) {
    this(
        config,
        weights,
        passes,
        passes.type() == ComputeType.FLOAT32
            ? Optional.empty()
            : Optional.of(weights.in(passes.type())));
  }

  /**
   * A model for reading alone, as {@link #frozen} makes one.
   *
   * @param rounded taken over; in these numbers already
   */
  public static Decoder ofRounded(DecoderConfig config, Weights rounded, ComputeType type) {
    return new Decoder(config, rounded, Passes.of(config, type), Optional.empty());
  }

  private Decoder(DecoderConfig config, Weights weights, Passes passes, Optional<Weights> rounded) {
    this(config, weights, passes, rounded, Optional.empty(), false);
  }

  private Decoder(
      DecoderConfig config,
      Weights weights,
      Passes passes,
      Optional<Weights> rounded,
      Optional<Adapter> adapter,
      boolean shares) {
    Optional<LoraConfig> lora = adapter.map(Adapter::lora);
    this.config = config;
    this.weights = weights;
    this.passes = passes.over(lora);
    this.rounded = rounded;
    this.adapter = adapter;
    this.shares = shares;
    this.tensors = new NDList(rounded.orElse(weights).tensors());
    adapter.ifPresent(own -> tensors.addAll(own.weights().tensors()));
    this.reading = new Reading(config, this.passes, tensors);
  }

  /** The same model with another description of its head; takes over the weights of this one. */
  public Decoder withHead(Head other) {
    return new Decoder(config.withHead(other), weights, passes, rounded, adapter, shares);
  }

  /**
   * The same model computed in other numbers; takes over the weights of this one.
   *
   * @param type other than FLOAT32, and the weights stay in float32 beside what is computed with
   */
  public Decoder in(ComputeType type) {
    Require.that(adapter.isEmpty(), "model: an adapter (expected: a whole model)");
    rounded.ifPresent(Weights::close);
    return new Decoder(config, weights, Passes.of(config, type));
  }

  /**
   * The same model for reading alone, which holds nothing but the numbers that it computes with;
   * takes over the weights of this one.
   */
  public Decoder frozen() {
    if (rounded.isEmpty()) {
      return this;
    }
    weights.close();
    return new Decoder(config, rounded.get(), passes, Optional.empty());
  }

  /** A second model of the same shape. */
  public Decoder withWeights(Weights other) {
    return new Decoder(config, other, passes);
  }

  /**
   * This model's body with an adapter, which is taken over, under a head of the adapter's own or
   * under this model's; what this one computes with is shared, not copied.
   *
   * @param other this model's configuration, with this head or a scalar one
   */
  public Decoder adapted(DecoderConfig other, Adapter own) {
    Require.that(
        other.withHead(config.head()).equals(config)
            && (other.equals(config) || other.head() instanceof Head.Scalar),
        "adapter: for %s (expected: for %s, or with a scalar head)",
        other,
        config);
    own.requireFits(other);
    return sharing(other, Optional.of(own));
  }

  /** This model without an adapter, over the same weights, as one of those that share them. */
  public Decoder sharing() {
    return sharing(config, Optional.empty());
  }

  private Decoder sharing(DecoderConfig other, Optional<Adapter> own) {
    Weights shared = rounded.orElse(weights).shared(Adapter.shared(other));
    return new Decoder(other, shared, passes, Optional.empty(), own, true);
  }

  /**
   * This model without its adapter, whose product is added to the base in place: nobody else may
   * share that. Closes this one.
   */
  public Decoder merged() {
    Adapter own = adapter.orElseThrow(() -> new IllegalArgumentException("model: has no adapter"));
    own.addTo(weights);
    try (this) {
      return new Decoder(config, own.mergedInto(weights), passes.over(Optional.empty()));
    }
  }

  public DecoderConfig config() {
    return config;
  }

  /** All of the model's weights; of a model with an adapter, those that it shares. */
  public Weights weights() {
    return weights;
  }

  /** Whether others read these weights, which are therefore in memory once and in one layout. */
  boolean shares() {
    return shares;
  }

  /** What this model has of its own, if it shares its weights with others. */
  public Optional<Adapter> adapter() {
    return adapter;
  }

  /** What learns when this model is trained: its adapter, or all of it. */
  public Weights trained() {
    return adapter.map(Adapter::weights).orElse(weights);
  }

  public Passes passes() {
    return passes;
  }

  /** What the scripts compute with, in their order. */
  NDList tensors() {
    return tensors;
  }

  /** Must be called by whoever has changed the weights. */
  public void weightsChanged() {
    rounded.ifPresent(weights::roundInto);
  }

  /**
   * Log-probabilities of given responses under softmax(logits / temperature).
   *
   * @param microBatch how many sequences go through the model at once
   * @return one [H] per sequence, in order
   */
  public List<float[]> logProbs(List<Sequence> sequences, double temperature, int microBatch) {
    requireHead(Head.Language.class);
    return reading.everyToken(sequences, temperature, microBatch);
  }

  /**
   * The scalar head at the position before each response token: V(s_h), the prefix without token h.
   *
   * @return one [H] per sequence, in order
   */
  public List<float[]> values(List<Sequence> sequences, int microBatch) {
    requireHead(Head.Scalar.class);
    return reading.everyToken(sequences, 1, microBatch);
  }

  /** The scalar head at each sequence's last token. */
  public float[] scores(List<Sequence> sequences, int microBatch) {
    requireHead(Head.Scalar.class);
    return reading.lastToken(sequences, microBatch);
  }

  /** The logits [T][V] at every position of one sequence of tokens. */
  public float[][] logits(int[] tokens) {
    requireHead(Head.Language.class);
    return reading.logits(tokens);
  }

  private void requireHead(Class<? extends Head> kind) {
    Require.that(
        kind.isInstance(config.head()),
        "head: %s (expected: a %s head)",
        config.head(),
        kind.getSimpleName());
  }

  @Override
  public void close() {
    rounded.ifPresent(Weights::close);
    weights.close();
    adapter.ifPresent(own -> own.weights().close());
  }
}
