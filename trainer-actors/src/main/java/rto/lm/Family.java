package rto.lm;

import static rto.lm.AttentionBias.ALL;
import static rto.lm.AttentionBias.NONE;
import static rto.lm.AttentionBias.QUERY_KEY_VALUE;

import java.util.EnumSet;
import java.util.Set;

/**
 * What a model is called in its files, and which {@link Traits} that name can say: whoever reads
 * the files, transformers among them, takes everything else for granted. The maths is in the traits
 * alone.
 */
public enum Family {
  /** Llama 2, 3, 3.1 and 3.2. */
  LLAMA("llama", "Llama", EnumSet.of(NONE, ALL), true, false, false),
  MISTRAL("mistral", "Mistral", EnumSet.of(NONE), false, false, true),
  /** Qwen2 and Qwen2.5. */
  QWEN2("qwen2", "Qwen2", EnumSet.of(QUERY_KEY_VALUE), false, false, true),
  QWEN3("qwen3", "Qwen3", EnumSet.of(NONE, ALL), false, true, true);

  private final String modelType;
  private final String prefix;
  private final Set<AttentionBias> attentionBiases;
  private final boolean mayHaveMlpBias;
  private final boolean queryKeyNorms;
  private final boolean mayHaveWindow;

  Family(
      String modelType,
      String prefix,
      Set<AttentionBias> attentionBiases,
      boolean mayHaveMlpBias,
      boolean queryKeyNorms,
      boolean mayHaveWindow) {
    this.modelType = modelType;
    this.prefix = prefix;
    this.attentionBiases = attentionBiases;
    this.mayHaveMlpBias = mayHaveMlpBias;
    this.queryKeyNorms = queryKeyNorms;
    this.mayHaveWindow = mayHaveWindow;
  }

  /** As in config.json's model_type. */
  public String modelType() {
    return modelType;
  }

  /** As in config.json's architectures, for a language head. */
  public String languageArchitecture() {
    return prefix + "ForCausalLM";
  }

  /** As in config.json's architectures, for a scalar head. */
  public String scalarArchitecture() {
    return prefix + "ForSequenceClassification";
  }

  /** One where the family leaves no choice. */
  public Set<AttentionBias> attentionBiases() {
    return attentionBiases;
  }

  public boolean mayHaveMlpBias() {
    return mayHaveMlpBias;
  }

  /** Always or never. */
  public boolean queryKeyNorms() {
    return queryKeyNorms;
  }

  public boolean mayHaveWindow() {
    return mayHaveWindow;
  }
}
