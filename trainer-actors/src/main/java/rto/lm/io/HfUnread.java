package rto.lm.io;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Fields of config.json that this decoder does not read.
 *
 * <ul>
 *   <li>Those that change what a model says must stand as if they were not there; otherwise they
 *       are refused by name, all at once.
 *   <li>Those that say nothing about the maths pass.
 *   <li>Any other is named in a warning and passes: transformers ignores what the model class of an
 *       architecture does not know, and these architectures are known.
 * </ul>
 */
final class HfUnread {

  private static final String ABSENT = "absent";

  /** Field to the only value that it may have; absent and null are always fine. */
  private static final Map<String, String> NEUTRAL = new TreeMap<>();

  static {
    neutral("silu", "hidden_act");
    neutral("0", "attention_dropout", "hidden_dropout", "resid_pdrop", "embd_pdrop", "attn_pdrop");
    neutral("0", "chunk_size_feed_forward", "num_nextn_predict_layers");
    neutral("1", "partial_rotary_factor", "rotary_pct", "embedding_multiplier");
    neutral("1", "residual_multiplier", "logits_scaling", "logit_scale", "scale_emb");
    neutral("false", "use_mrope", "use_qk_norm", "qk_layernorm", "use_qk_norm_rope", "alibi");
    neutral("false", "parallel_attn", "use_parallel_residual", "enable_moe_block");
    neutral("false", "is_encoder_decoder", "add_cross_attention", "tie_encoder_decoder");
    neutral("false", "use_bidirectional_attention");
    neutral("true", "is_causal", "qkv_bias");
    neutral(ABSENT, "attn_logit_softcapping", "final_logit_softcapping", "query_pre_attn_scalar");
    neutral(ABSENT, "attention_multiplier", "clip_qkv", "attention_chunk_size", "no_rope_layers");
    neutral(ABSENT, "num_experts", "num_local_experts", "n_routed_experts", "num_experts_per_tok");
    neutral(ABSENT, "moe_intermediate_size", "n_shared_experts", "q_lora_rank", "kv_lora_rank");
    neutral(ABSENT, "quantization_config", "compression_config", "auto_map", "pruned_heads");
    neutral(ABSENT, "vision_config", "text_config", "audio_config", "rope_type", "rotary_dim");
  }

  private static final Set<String> READ =
      words(
          """
          architectures model_type vocab_size hidden_size intermediate_size num_hidden_layers
          num_attention_heads num_key_value_heads head_dim rms_norm_eps rope_theta rope_scaling
          rope_parameters max_position_embeddings attention_bias mlp_bias bos_token_id
          eos_token_id sliding_window use_sliding_window max_window_layers layer_types
          tie_word_embeddings rto_score_mean rto_score_std rto_compute_type
          """);

  /** The file, the tokenizer, training. */
  private static final Set<String> ABOUT_THE_FILE =
      words(
          """
          torch_dtype dtype transformers_version _name_or_path name_or_path _commit_hash
          initializer_range pad_token_id unk_token_id sep_token_id cls_token_id mask_token_id
          decoder_start_token_id tokenizer_class prefix num_labels id2label label2id problem_type
          finetuning_task task_specific_params classifier_dropout unsloth_version unsloth_fixed
          """);

  /** How it is computed, not what. */
  private static final Set<String> ABOUT_THE_WAY =
      words(
          """
          use_cache pretraining_tp return_dict output_attentions output_hidden_states
          output_scores return_dict_in_generate torchscript use_bfloat16 tf_legacy_loss
          _attn_implementation attn_implementation _attn_implementation_autoset
          gradient_checkpointing is_decoder cross_attention_hidden_size
          """);

  /** The caller's to choose. */
  private static final Set<String> ABOUT_SAMPLING =
      words(
          """
          max_length min_length do_sample early_stopping num_beams num_beam_groups
          diversity_penalty temperature top_k top_p typical_p repetition_penalty length_penalty
          no_repeat_ngram_size encoder_no_repeat_ngram_size bad_words_ids num_return_sequences
          forced_bos_token_id forced_eos_token_id remove_invalid_values
          exponential_decay_length_penalty suppress_tokens begin_suppress_tokens
          """);

  private HfUnread() {}

  private static Set<String> words(String text) {
    return Set.of(text.strip().split("\\s+"));
  }

  private static void neutral(String value, String... fields) {
    for (String field : fields) {
      NEUTRAL.put(field, value);
    }
  }

  static void refuseOtherMaths(JsonFields config) throws MalformedFile {
    List<String> problems = new ArrayList<>();
    NEUTRAL.forEach(
        (field, neutral) -> {
          JsonNode value = config.get(field);
          if (config.has(field) && !isNeutral(value, neutral)) {
            problems.add(
                field
                    + ": "
                    + (value.isTextual() ? value.asText() : value)
                    + " (expected: "
                    + neutral
                    + ")");
          }
        });
    if (!problems.isEmpty()) {
      throw new MalformedFile(config.file(), String.join("; ", problems));
    }
  }

  private static boolean isNeutral(JsonNode value, String neutral) {
    if (neutral.equals(ABSENT)) {
      return value.isContainerNode() && value.isEmpty();
    }
    return value.isNumber()
        ? neutral.equals(value.asDouble() == value.asInt() ? value.asInt() + "" : value.asText())
        : value.asText().equals(neutral);
  }

  /** Fields that are neither read nor known to be harmless. */
  static List<String> unknown(JsonNode config) {
    List<String> names = new ArrayList<>();
    config.fieldNames().forEachRemaining(names::add);
    names.removeAll(READ);
    names.removeAll(NEUTRAL.keySet());
    names.removeAll(ABOUT_THE_FILE);
    names.removeAll(ABOUT_THE_WAY);
    names.removeAll(ABOUT_SAMPLING);
    return names;
  }
}
