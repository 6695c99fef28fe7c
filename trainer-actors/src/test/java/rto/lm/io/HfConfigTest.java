package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rto.lm.DecoderConfig;
import rto.lm.Head;

class HfConfigTest {

  private static final Path FILE = Path.of("folder", "config.json");

  private static final String GOOD =
      """
      {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 64,
       "intermediate_size": 172, "num_hidden_layers": 5, "num_attention_heads": 8,
       "num_key_value_heads": 4, "vocab_size": 512, "max_position_embeddings": 512,
       "rms_norm_eps": 1e-05, "rope_theta": 500000.0, "hidden_act": "silu",
       "tie_word_embeddings": true, "bos_token_id": 1, "eos_token_id": 2,
       "attention_bias": false, "rope_scaling": null, "unknown_key": 7}
      """;

  private static final DecoderConfig EXPECTED =
      new DecoderConfig(
          512, 64, 172, 5, 8, 4, 8, 1e-5, 500_000, 512, 1, 2, new Head.Language(true));

  @Test
  void everyFieldArrives() throws IOException {
    assertThat(HfConfig.parse(GOOD, FILE)).isEqualTo(EXPECTED);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (Head head :
        List.of(new Head.Language(true), new Head.Language(false), new Head.Scalar(-0.1, 1 / 3.))) {
      DecoderConfig config = EXPECTED.withHead(head);
      assertThat(HfConfig.parse(HfConfig.write(config), FILE)).isEqualTo(config);
    }
  }

  @Test
  void absentFieldsHaveTransformersDefaults() throws IOException {
    DecoderConfig config =
        HfConfig.parse(
            """
            {"hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5,
             "num_attention_heads": 8, "vocab_size": 512, "max_position_embeddings": 512,
             "num_key_value_heads": null, "bos_token_id": null}
            """,
            FILE);
    assertThat(config)
        .isEqualTo(
            new DecoderConfig(
                512, 64, 172, 5, 8, 8, 8, 1e-6, 10_000, 512, 1, 2, new Head.Language(false)));
  }

  @Test
  void theFirstOfSeveralEndTokensEndsAResponse() throws IOException {
    assertThat(parse("\"eos_token_id\": 2", "\"eos_token_id\": [7, 2]").eosToken()).isEqualTo(7);
  }

  @Test
  void ropeThetaMayBeNested() throws IOException {
    DecoderConfig config =
        parse(
            "\"rope_theta\": 500000.0",
            "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 20000}");
    assertThat(config.ropeTheta()).isEqualTo(20_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "hidden_size": 64,              |                                 | hidden_size: missing (expected: an integer)
          "hidden_size": 64               | "hidden_size": "64"             | hidden_size: "64" (expected: an integer)
          "hidden_size": 64               | "hidden_size": 64.5             | hidden_size: 64.5 (expected: an integer)
          "vocab_size": 512               | "vocab_size": 0                 | vocab_size: 0 (expected: > 0)
          "num_attention_heads": 8        | "num_attention_heads": 0        | num_attention_heads: 0 (expected: > 0)
          "num_key_value_heads": 4        | "num_key_value_heads": 3        | num_attention_heads: 8 (expected: a multiple of num_key_value_heads, 3)
          "num_key_value_heads": 4        | "num_key_value_heads": "4"      | num_key_value_heads: "4" (expected: an integer)
          "unknown_key": 7                | "head_dim": 7                   | head_dim: 7 (expected: positive and even)
          "unknown_key": 7                | "head_dim": "8"                 | head_dim: "8" (expected: an integer)
          "rms_norm_eps": 1e-05           | "rms_norm_eps": "small"         | rms_norm_eps: "small" (expected: a number)
          "rms_norm_eps": 1e-05           | "rms_norm_eps": -1              | rms_norm_eps: -1.0 (expected: >= 0)
          "rope_theta": 500000.0          | "rope_theta": 0                 | rope_theta: 0.0 (expected: > 0)
          "tie_word_embeddings": true     | "tie_word_embeddings": "yes"    | tie_word_embeddings: "yes" (expected: true or false)
          "bos_token_id": 1               | "bos_token_id": 512             | bos_token_id: 512 (expected: in [0, vocab_size = 512))
          "eos_token_id": 2               | "eos_token_id": -1              | eos_token_id: -1 (expected: in [0, vocab_size = 512))
          "eos_token_id": 2               | "eos_token_id": ["x"]           | eos_token_id: "x" (expected: integers)
          "model_type": "llama"           | "model_type": "gpt2"            | model_type: gpt2 (expected: llama)
          LlamaForCausalLM                | GPT2LMHeadModel                 | architectures: GPT2LMHeadModel (expected: LlamaForCausalLM or
          "hidden_act": "silu"            | "hidden_act": "gelu"            | hidden_act: gelu (expected: silu)
          "attention_bias": false         | "attention_bias": true          | attention_bias: true (expected: false)
          "rope_scaling": null            | "rope_scaling": {"factor": 8}   | rope_scaling: {"factor":8} (expected: absent)
          "unknown_key": 7                | "rope_parameters": {"rope_type": "llama3"} | rope_parameters.rope_type: llama3 (expected: default)
          {"architectures"                | {"architectures" x              | Unexpected character
          """)
  void mistakesAreNamedWithFileValueAndWhatIsExpected(String good, String bad, String message) {
    assertThatThrownBy(() -> parse(good, bad == null ? "" : bad))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(FILE.toString())
        .hasMessageContaining(message);
  }

  private static DecoderConfig parse(String good, String other) throws IOException {
    assertThat(GOOD).contains(good);
    return HfConfig.parse(GOOD.replace(good, other), FILE);
  }
}
