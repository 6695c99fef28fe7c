package rto.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import rto.lm.ComputeType;
import rto.lm.Sequence;
import rto.lm.io.Tokenizer;
import rto.protocol.Prompt;
import rto.protocol.Trajectory;

/**
 * A policy of the Qwen2.5 class and a reward model of the Llama 3 class, each with its own chat
 * template: prompts against the ids that transformers gives.
 */
class ReencodingTest {

  private static final Path ALL = Path.of("src/test/resources/tokenizers");
  private static final Path POLICY = ALL.resolve("qwen25");
  private static final Path REWARD = ALL.resolve("llama3");
  private static final ModelSource CHAT =
      new ModelSource.Checkpoint(POLICY, true, ComputeType.FLOAT32);

  @Test
  void aPromptIsRenderedByTheRewardModelsOwnTemplate() throws IOException {
    JsonNode policy = chat(POLICY);
    String prompt = policy.get("messages").get(0).get("content").asText();
    try (Tokenizer tokenizer = Tokenizer.ofModel(POLICY);
        Reencoding reencoding =
            Reencoding.between(CHAT, POLICY, REWARD, List.of(prompt)).orElseThrow()) {
      int end = tokenizer.endTokens().get(0);
      int[] said = tokenizer.encode("To the sea.");
      int[] ended = Arrays.copyOf(said, said.length + 1);
      ended[said.length] = end;
      Sequence whole = reencoding.sequence(trajectory(ids(policy), ended, false));
      Sequence cut = reencoding.sequence(trajectory(ids(policy), said, true));
      assertThat(whole.prompt()).containsExactly(ids(chat(REWARD)));
      assertThat(whole.response()).endsWith(eos(REWARD));
      assertThat(cut.prompt()).containsExactly(ids(chat(REWARD)));
      assertThat(cut.response()).doesNotContain(eos(REWARD));
      assertThat(whole.response()).startsWith(cut.response()).hasSize(cut.response().length + 1);
      try (Tokenizer reward = Tokenizer.ofModel(REWARD)) {
        assertThat(reward.decodeResponse(cut.prompt(), cut.response())).isEqualTo("To the sea.");
      }
    }
  }

  @Test
  void tokenizersThatReadAlikeNeedNone() throws IOException {
    assertThat(Reencoding.between(CHAT, POLICY, POLICY, List.of())).isEqualTo(Optional.empty());
  }

  private static Trajectory trajectory(int[] prompt, int[] response, boolean truncated) {
    return new Trajectory(
        new Prompt(0, prompt), 0, response, new float[response.length], truncated, 0);
  }

  private static JsonNode chat(Path folder) throws IOException {
    return expected(folder).get("chats").get(0);
  }

  private static int eos(Path folder) throws IOException {
    return expected(folder).get("eos").asInt();
  }

  private static JsonNode expected(Path folder) throws IOException {
    return new ObjectMapper().readTree(folder.resolve("expected.json").toFile());
  }

  private static int[] ids(JsonNode of) {
    return StreamSupport.stream(of.get("ids").spliterator(), false)
        .mapToInt(JsonNode::asInt)
        .toArray();
  }
}
