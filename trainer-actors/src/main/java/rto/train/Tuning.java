package rto.train;

import java.util.Optional;
import java.util.function.Consumer;
import rto.lm.Adapter;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.lora.LoraConfig;

/** How a stage gets a model to train from one that stays as it is. */
sealed interface Tuning {

  /** All weights of a copy, or adapters over the model itself. */
  static Tuning of(Optional<LoraConfig> lora) {
    return lora.<Tuning>map(LowRank::new).orElseGet(Whole::new);
  }

  /** The adapters of the models that this makes, if they have some. */
  Optional<LoraConfig> lora();

  /**
   * A model that says what {@code start} says.
   *
   * @param seed of an adapter's first values
   */
  Decoder copy(Decoder start, long seed);

  /** The body of {@code language} with a scalar head that says 0 everywhere. */
  Decoder scalar(Decoder language, long seed);

  /**
   * Trains {@code model} itself: what an adapter over it learns is added to its weights.
   *
   * @param training is handed the model to train
   */
  void inPlace(Decoder model, long seed, Consumer<Decoder> training);

  /** Every weight learns. */
  record Whole() implements Tuning {

    @Override
    public Optional<LoraConfig> lora() {
      return Optional.empty();
    }

    @Override
    public Decoder copy(Decoder start, long seed) {
      return start.withWeights(start.weights().copy());
    }

    @Override
    public Decoder scalar(Decoder language, long seed) {
      DecoderConfig config = scalarConfig(language);
      return new Decoder(config, language.weights().withScalarHead(config), language.passes());
    }

    @Override
    public void inPlace(Decoder model, long seed, Consumer<Decoder> training) {
      training.accept(model);
    }
  }

  /** An adapter learns; the weights are shared with the model that it starts from. */
  record LowRank(LoraConfig config) implements Tuning {

    @Override
    public Optional<LoraConfig> lora() {
      return Optional.of(config);
    }

    @Override
    public Decoder copy(Decoder start, long seed) {
      return start.adapted(start.config(), Adapter.fresh(start.config(), config, seed));
    }

    @Override
    public Decoder scalar(Decoder language, long seed) {
      DecoderConfig scalar = scalarConfig(language);
      return language.adapted(scalar, Adapter.fresh(scalar, config, seed));
    }

    @Override
    public void inPlace(Decoder model, long seed, Consumer<Decoder> training) {
      try (Decoder adapted = copy(model, seed)) {
        training.accept(adapted);
        adapted.adapter().orElseThrow().addTo(model.weights());
      }
    }
  }

  private static DecoderConfig scalarConfig(Decoder language) {
    return language.config().withHead(Head.Scalar.raw());
  }
}
