package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import rto.lm.AttentionBias;
import rto.lm.DecoderConfig;
import rto.lm.Family;
import rto.lm.Head;
import rto.lm.Rope;
import rto.lm.RopeScaling;

/**
 * The configurations that published models come with: each is read, and has as many parameters as
 * its model is known to have.
 */
class PublishedModelsTest {

  @Test
  void llama2OfSevenBillion() throws IOException {
    DecoderConfig config =
        read(
            """
            {"architectures": ["LlamaForCausalLM"], "bos_token_id": 1, "eos_token_id": 2,
             "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02,
             "intermediate_size": 11008, "max_position_embeddings": 4096, "model_type": "llama",
             "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 32,
             "pretraining_tp": 1, "rms_norm_eps": 1e-05, "rope_scaling": null,
             "tie_word_embeddings": false, "torch_dtype": "float16",
             "transformers_version": "4.31.0.dev0", "use_cache": true, "vocab_size": 32000}
            """);
    assertThat(config.parameters()).isEqualTo(6_738_415_616L);
    assertThat(config.rope()).isEqualTo(Rope.plain(10_000));
  }

  @Test
  void llama31OfEightBillion() throws IOException {
    DecoderConfig config =
        read(
            """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false,
             "attention_dropout": 0.0, "bos_token_id": 128000, "eos_token_id": 128001,
             "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02,
             "intermediate_size": 14336, "max_position_embeddings": 131072, "mlp_bias": false,
             "model_type": "llama", "num_attention_heads": 32, "num_hidden_layers": 32,
             "num_key_value_heads": 8, "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_scaling": {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                              "original_max_position_embeddings": 8192, "rope_type": "llama3"},
             "rope_theta": 500000.0, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
             "transformers_version": "4.43.0.dev0", "use_cache": true, "vocab_size": 128256}
            """);
    assertThat(config.parameters()).isEqualTo(8_030_261_248L);
    assertThat(config.rope()).isEqualTo(new Rope(500_000, new RopeScaling.Llama3(8, 1, 4, 8_192)));
  }

  @Test
  void llama32OfOneBillion() throws IOException {
    DecoderConfig config =
        read(
            """
            {"architectures": ["LlamaForCausalLM"], "attention_bias": false,
             "attention_dropout": 0.0, "bos_token_id": 128000,
             "eos_token_id": [128001, 128008, 128009], "head_dim": 64, "hidden_act": "silu",
             "hidden_size": 2048, "initializer_range": 0.02, "intermediate_size": 8192,
             "max_position_embeddings": 131072, "mlp_bias": false, "model_type": "llama",
             "num_attention_heads": 32, "num_hidden_layers": 16, "num_key_value_heads": 8,
             "pretraining_tp": 1, "rms_norm_eps": 1e-05,
             "rope_scaling": {"factor": 32.0, "high_freq_factor": 4.0, "low_freq_factor": 1.0,
                              "original_max_position_embeddings": 8192, "rope_type": "llama3"},
             "rope_theta": 500000.0, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
             "transformers_version": "4.45.0.dev0", "use_cache": true, "vocab_size": 128256}
            """);
    assertThat(config.parameters()).isEqualTo(1_235_814_400L);
    assertThat(config.head()).isEqualTo(new Head.Language(true));
  }

  @Test
  void mistralOfSevenBillion() throws IOException {
    DecoderConfig config =
        read(
            """
            {"architectures": ["MistralForCausalLM"], "bos_token_id": 1, "eos_token_id": 2,
             "hidden_act": "silu", "hidden_size": 4096, "initializer_range": 0.02,
             "intermediate_size": 14336, "max_position_embeddings": 32768,
             "model_type": "mistral", "num_attention_heads": 32, "num_hidden_layers": 32,
             "num_key_value_heads": 8, "rms_norm_eps": 1e-05, "rope_theta": 10000.0,
             "sliding_window": 4096, "tie_word_embeddings": false, "torch_dtype": "bfloat16",
             "transformers_version": "4.34.0.dev0", "use_cache": true, "vocab_size": 32000}
            """);
    assertThat(config.parameters()).isEqualTo(7_241_732_096L);
    assertThat(config.traits().window()).hasValue(4_096);
  }

  @Test
  void qwen25OfHalfABillion() throws IOException {
    DecoderConfig config =
        read(
            """
            {"architectures": ["Qwen2ForCausalLM"], "attention_dropout": 0.0,
             "bos_token_id": 151643, "eos_token_id": 151643, "hidden_act": "silu",
             "hidden_size": 896, "initializer_range": 0.02, "intermediate_size": 4864,
             "max_position_embeddings": 32768, "max_window_layers": 24, "model_type": "qwen2",
             "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-06, "rope_theta": 1000000.0, "sliding_window": 32768,
             "tie_word_embeddings": true, "torch_dtype": "bfloat16",
             "transformers_version": "4.40.1", "use_cache": true, "use_mrope": false,
             "use_sliding_window": false, "vocab_size": 151936}
            """);
    assertThat(config.parameters()).isEqualTo(494_032_768L);
    assertThat(config.traits().family()).isEqualTo(Family.QWEN2);
    assertThat(config.traits().attentionBias()).isEqualTo(AttentionBias.QUERY_KEY_VALUE);
    assertThat(config.traits().window()).isEmpty();
  }

  @Test
  void qwen3OfSixTenthsOfABillion() throws IOException {
    DecoderConfig config =
        read(
            """
            {"architectures": ["Qwen3ForCausalLM"], "attention_bias": false,
             "attention_dropout": 0.0, "bos_token_id": 151643, "eos_token_id": 151645,
             "head_dim": 128, "hidden_act": "silu", "hidden_size": 1024,
             "initializer_range": 0.02, "intermediate_size": 3072,
             "max_position_embeddings": 40960, "max_window_layers": 28, "model_type": "qwen3",
             "num_attention_heads": 16, "num_hidden_layers": 28, "num_key_value_heads": 8,
             "rms_norm_eps": 1e-06, "rope_scaling": null, "rope_theta": 1000000,
             "sliding_window": null, "tie_word_embeddings": true, "torch_dtype": "bfloat16",
             "transformers_version": "4.51.0", "use_cache": true, "use_sliding_window": false,
             "vocab_size": 151936}
            """);
    assertThat(config.parameters()).isEqualTo(596_049_920L);
    assertThat(config.traits().queryKeyNorms()).isTrue();
  }

  private static DecoderConfig read(String text) throws IOException {
    assertThat(HfUnread.unknown(new ObjectMapper().readTree(text))).isEmpty();
    DecoderConfig config = HfConfig.parse(text, Path.of("config.json"));
    assertThat(HfConfig.parse(HfConfig.write(config), Path.of("again"))).isEqualTo(config);
    return config;
  }
}
