package rto.train;

import java.io.IOException;
import java.nio.IntBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import rto.lm.Sequence;
import rto.lm.io.Tokenizer;
import rto.protocol.Trajectory;

/**
 * A trajectory in the tokens of a reward model whose tokenizer is another one.
 *
 * <pre>
 *   prompt     the run's prompt that has these tokens, read (and rendered) by the reward model's own
 *              tokenizer; the text of the tokens, if the run has no such prompt
 *   response   its text as it stands after the prompt, read the same way; the reward model's end
 *              token follows unless the response was truncated
 * </pre>
 */
final class Reencoding implements AutoCloseable {

  private final Tokenizer policy;
  private final Tokenizer reward;
  private final Map<IntBuffer, String> prompts = new HashMap<>();

  /** Takes over the tokenizers. */
  private Reencoding(Tokenizer policy, Tokenizer reward, List<String> prompts) {
    this.policy = policy;
    this.reward = reward;
    prompts.forEach(text -> this.prompts.put(IntBuffer.wrap(policy.encode(text)), text));
  }

  /** None if both folders' tokenizers read alike, or the reward model's folder has none. */
  static Optional<Reencoding> between(
      ModelSource source, Path policyFolder, Path rewardFolder, List<String> prompts)
      throws IOException {
    if (!Tokenizer.isIn(rewardFolder)) {
      return Optional.empty();
    }
    Tokenizer policy = source.tokenizer(policyFolder);
    try {
      Tokenizer reward = source.tokenizer(rewardFolder);
      if (!policy.readsLike(reward)) {
        return Optional.of(new Reencoding(policy, reward, prompts));
      }
      reward.close();
      policy.close();
      return Optional.empty();
    } catch (IOException | RuntimeException e) {
      policy.close();
      throw e;
    }
  }

  Sequence sequence(Trajectory trajectory) {
    int[] tokens = trajectory.prompt().tokens();
    String known = prompts.get(IntBuffer.wrap(tokens));
    String prompt = known == null ? policy.decode(tokens) : known;
    String response = policy.decodeResponse(tokens, trajectory.response());
    boolean ended = !trajectory.truncated() || response.isEmpty();
    return reward.encode(prompt, response, ended);
  }

  @Override
  public void close() {
    policy.close();
    reward.close();
  }
}
