package rto.lm.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import rto.lm.AttentionBias;
import rto.lm.ComputeType;
import rto.lm.DecoderConfig;
import rto.lm.Family;
import rto.lm.Head;
import rto.lm.Rope;
import rto.lm.RopeScaling;
import rto.lm.Traits;

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

  private static final List<Traits> TRAITS =
      List.of(
          Traits.LLAMA,
          traits(Family.LLAMA, AttentionBias.ALL, true, OptionalInt.empty()),
          traits(Family.MISTRAL, AttentionBias.NONE, false, OptionalInt.empty()),
          traits(Family.MISTRAL, AttentionBias.NONE, false, OptionalInt.of(7)),
          traits(Family.QWEN2, AttentionBias.QUERY_KEY_VALUE, false, OptionalInt.empty()),
          traits(Family.QWEN2, AttentionBias.QUERY_KEY_VALUE, false, OptionalInt.of(7)),
          traits(Family.QWEN3, AttentionBias.NONE, false, OptionalInt.empty()),
          traits(Family.QWEN3, AttentionBias.ALL, false, OptionalInt.of(7)));

  private static final List<RopeScaling> SCALINGS =
      List.of(
          new RopeScaling.None(),
          new RopeScaling.Linear(4),
          new RopeScaling.Llama3(8, 1, 4, 8_192));

  @Test
  void everyFieldArrives() throws IOException {
    assertThat(HfConfig.parse(GOOD, FILE)).isEqualTo(EXPECTED);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    for (Head head :
        List.of(new Head.Language(true), new Head.Language(false), new Head.Scalar(-0.1, 1 / 3.))) {
      for (Traits traits : TRAITS) {
        for (RopeScaling scaling : SCALINGS) {
          DecoderConfig config = with(traits, new Rope(500_000, scaling)).withHead(head);
          String text = HfConfig.write(config);
          assertThat(HfConfig.parse(text, FILE)).isEqualTo(config);
          assertThat(HfUnread.unknown(new ObjectMapper().readTree(text))).isEmpty();
        }
      }
    }
  }

  @Test
  void theComputeTypeIsWrittenUnlessItIsFloat32() throws IOException {
    for (ComputeType type : ComputeType.values()) {
      String text = HfConfig.write(EXPECTED, type);
      assertThat(HfConfig.computeType(text, FILE)).isEqualTo(type);
      assertThat(HfConfig.parse(text, FILE)).isEqualTo(EXPECTED);
      assertThat(HfUnread.unknown(new ObjectMapper().readTree(text))).isEmpty();
    }
    assertThat(HfConfig.write(EXPECTED)).doesNotContain("compute_type");
    assertThatThrownBy(() -> HfConfig.computeType("{\"rto_compute_type\": \"int4\"}", FILE))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining("rto_compute_type: int4 (expected: float32, bfloat16 or float16)");
  }

  @Test
  void absentFieldsHaveTransformersDefaults() throws IOException {
    DecoderConfig config =
        HfConfig.parse(
            """
            {"hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5,
             "num_attention_heads": 8, "vocab_size": 512, "max_position_embeddings": 512,
             "num_key_value_heads": null}
            """,
            FILE);
    assertThat(config)
        .isEqualTo(
            new DecoderConfig(
                512, 64, 172, 5, 8, 8, 8, 1e-6, 10_000, 512, 1, 2, new Head.Language(false)));
  }

  @Test
  void severalTokensMayEndAResponse() throws IOException {
    assertThat(parse("\"eos_token_id\": 2", "\"eos_token_id\": [7, 2]").eosTokens())
        .containsExactly(7, 2);
  }

  @Test
  void aModelMayHaveNoBeginAndNoEndToken() throws IOException {
    assertThat(parse("\"bos_token_id\": 1", "\"bos_token_id\": null").bosToken()).isEmpty();
    assertThat(parse("\"eos_token_id\": 2", "\"eos_token_id\": null").eosTokens()).isEmpty();
  }

  @Test
  void ropeThetaMayBeNested() throws IOException {
    DecoderConfig config =
        parse(
            "\"rope_theta\": 500000.0",
            "\"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 20000}");
    assertThat(config.rope()).isEqualTo(Rope.plain(20_000));
  }

  @Test
  void whatAFamilysFileLeavesOutHasItsOwnDefault() throws IOException {
    String sizes =
        """
        "hidden_size": 64, "intermediate_size": 172, "num_hidden_layers": 5, "vocab_size": 512,
        "num_attention_heads": 32, "max_position_embeddings": 8192, "bos_token_id": 1,
        "eos_token_id": 2}
        """;
    DecoderConfig mistral = HfConfig.parse("{\"model_type\": \"mistral\"," + sizes, FILE);
    assertThat(mistral.kvHeads()).isEqualTo(8);
    assertThat(mistral.traits().window()).hasValue(4_096);
    DecoderConfig qwen2 = HfConfig.parse("{\"model_type\": \"qwen2\"," + sizes, FILE);
    assertThat(qwen2.traits().attentionBias()).isEqualTo(AttentionBias.QUERY_KEY_VALUE);
    assertThat(qwen2.headSize()).isEqualTo(2);
    DecoderConfig qwen3 = HfConfig.parse("{\"model_type\": \"qwen3\"," + sizes, FILE);
    assertThat(qwen3.headSize()).isEqualTo(128);
    assertThat(qwen3.traits().queryKeyNorms()).isTrue();
    assertThat(qwen3.traits().window()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          mistral | "attention_bias": true                              | attention_bias: true (expected: false, for mistral)
          mistral | "mlp_bias": true                                    | mlp_bias: true (expected: false, for mistral)
          mistral | "sliding_window": 0                                 | sliding_window: 0 (expected: > 0)
          qwen2   | "use_mrope": true                                   | use_mrope: true (expected: false)
          qwen3   | "use_sliding_window": true, "max_window_layers": 3  | max_window_layers: 3 (expected: 0, a window in all layers, or at least num_hidden_layers, 5
          qwen3   | "mlp_bias": true                                    | mlp_bias: true (expected: false, for qwen3)
          """)
  void whatAFamilyCannotBeIsRefused(String family, String field, String message) {
    String text =
        GOOD.replace("\"architectures\": [\"LlamaForCausalLM\"], ", "")
            .replace("\"model_type\": \"llama\"", "\"model_type\": \"" + family + "\"")
            .replace("\"attention_bias\": false", field);
    assertThatThrownBy(() -> HfConfig.parse(text, FILE))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(message);
  }

  @Test
  void fieldsThatNobodyKnowsAreNamed() throws IOException {
    assertThat(HfUnread.unknown(new ObjectMapper().readTree(GOOD))).containsExactly("unknown_key");
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
          "eos_token_id": 2               | "eos_token_id": ["x"]           | eos_token_id: ["x"] (expected: integers)
          "model_type": "llama"           | "model_type": "gpt2"            | model_type: gpt2 (expected: one of [llama, mistral, qwen2, qwen3])
          LlamaForCausalLM                | GPT2LMHeadModel                 | architectures: GPT2LMHeadModel (expected: one of [LlamaForCausalLM, LlamaForSeq
          "hidden_act": "silu"            | "hidden_act": "gelu"            | hidden_act: gelu (expected: silu)
          "model_type": "llama"           | "model_type": "qwen2"           | model_type: qwen2 (expected: that of LlamaForCausalLM)
          "rope_scaling": null            | "rope_scaling": 8               | rope_scaling: 8 (expected: an object)
          "rope_scaling": null            | "rope_scaling": {"factor": 8}   | rope_scaling.factor: 8 (expected: absent; with rope_type default there may be [])
          "rope_scaling": null            | "rope_scaling": {"type": "yarn", "factor": 8} | rope_scaling.rope_type: yarn (expected: default, linear or llama3)
          "rope_scaling": null            | "rope_scaling": {"type": "dynamic", "factor": 8} | rope_scaling.rope_type: dynamic (expected:
          "rope_scaling": null            | "rope_scaling": {"type": "linear"} | rope_scaling.factor: missing (expected: a number)
          "rope_scaling": null            | "rope_scaling": {"type": "linear", "factor": 0.5} | rope factor: 0.5 (expected: >= 1)
          "rope_scaling": null            | "rope_scaling": {"type": "linear", "factor": 2, "attention_factor": 3} | rope_scaling.attention_factor: 3 (expected: absent
          "unknown_key": 7                | "rope_parameters": {"rope_type": "llama3", "factor": 8} | rope_parameters.low_freq_factor: missing (expected: a number)
          "unknown_key": 7                | "rope_parameters": {"full_attention": {"rope_theta": 1}} | rope_parameters.full_attention: {"rope_theta":1} (expected: absent
          "rope_scaling": null            | "rope_scaling": {"type": "linear", "factor": 2}, "rope_parameters": {"rope_theta": 3} | rope_parameters: {"rope_theta":3} (expected: the same as rope_scaling
          "attention_bias": false         | "attention_bias": 1             | attention_bias: 1 (expected: true or false)
          "unknown_key": 7                | "sliding_window": 511           | sliding_window: 511 (expected: absent, or max_position_embeddings or more)
          "unknown_key": 7                | "partial_rotary_factor": 0.5    | partial_rotary_factor: 0.5 (expected: 1)
          "unknown_key": 7                | "attn_logit_softcapping": 30    | attn_logit_softcapping: 30 (expected: absent)
          "unknown_key": 7                | "num_experts": 8                | num_experts: 8 (expected: absent)
          "unknown_key": 7                | "quantization_config": {"bits": 4} | quantization_config: {"bits":4} (expected: absent)
          "unknown_key": 7                | "attention_dropout": 0.1        | attention_dropout: 0.1 (expected: 0)
          "unknown_key": 7                | "num_experts": 8, "clip_qkv": 6 | clip_qkv: 6 (expected: absent); num_experts: 8 (expected: absent)
          "unknown_key": 7                | "layer_types": ["full_attention", "sliding_attention"] | layer_types: "sliding_attention" (expected: full_attention in every layer)
          {"architectures"                | {"architectures" x              | Unexpected character
          """)
  void mistakesAreNamedWithFileValueAndWhatIsExpected(String good, String bad, String message) {
    assertThatThrownBy(() -> parse(good, bad == null ? "" : bad))
        .isInstanceOf(MalformedFile.class)
        .hasMessageContaining(FILE.toString())
        .hasMessageContaining(message);
  }

  private static Traits traits(
      Family family, AttentionBias bias, boolean mlpBias, OptionalInt window) {
    return new Traits(family, bias, mlpBias, family == Family.QWEN3, window);
  }

  private static DecoderConfig with(Traits traits, Rope rope) {
    return new DecoderConfig(
        512,
        64,
        172,
        5,
        8,
        4,
        16,
        1e-5,
        rope,
        512,
        OptionalInt.of(1),
        List.of(2),
        traits,
        new Head.Language(true));
  }

  private static DecoderConfig parse(String good, String other) throws IOException {
    assertThat(GOOD).contains(good);
    return HfConfig.parse(GOOD.replace(good, other), FILE);
  }
}
