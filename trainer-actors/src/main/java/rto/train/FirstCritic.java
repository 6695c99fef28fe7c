package rto.train;

import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import rto.lm.Decoder;
import rto.lm.DecoderConfig;
import rto.lm.Head;
import rto.lm.io.HfCheckpoint;
import rto.lm.io.Tokenizer;

/**
 * What a critic starts from. It reads the policy's tokens: from the reward model, value head
 * included, if that has the same tokenizer; otherwise from the policy with a head that says 0.
 */
final class FirstCritic {

  private static final Logger LOG = LoggerFactory.getLogger(FirstCritic.class);

  private FirstCritic() {}

  static Decoder load(Path policy, Path reward) throws IOException {
    if (Tokenizer.isSame(policy, reward)) {
      return HfCheckpoint.load(reward);
    }
    LOG.info(
        "critic: starts from {} with a head that says 0, as {} has another tokenizer",
        policy,
        reward);
    try (Decoder language = HfCheckpoint.load(policy)) {
      DecoderConfig config = language.config().withHead(Head.Scalar.raw());
      return new Decoder(config, language.weights().withScalarHead(config), language.passes());
    }
  }
}
