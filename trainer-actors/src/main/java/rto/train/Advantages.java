package rto.train;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import rto.lm.Sequence;

/**
 * How the rewards of an iteration become advantages, and the model that has to learn for that, if
 * there is one. Nothing else in the learner knows whether there is a critic.
 */
sealed interface Advantages extends AutoCloseable permits CriticAdvantages, ReturnAdvantages {

  /** One iteration, judged. */
  interface Judgement {

    /** A of each response, [H], not whitened. */
    List<float[]> advantages();

    /** One optimizer step of what learns here, on a minibatch; its numbers by name. */
    Map<String, Double> update(Minibatch minibatch);

    /** What the judgement says about itself, by name. */
    Map<String, Double> numbers();
  }

  /**
   * Judges all responses of an iteration.
   *
   * @param responses in task order
   * @param rewards of each, [H]
   */
  Judgement judge(List<Sequence> responses, List<float[]> rewards);

  /** What is part of the learner's state beside the policy. */
  Optional<Trainee> critic();

  @Override
  default void close() {
    critic().ifPresent(Trainee::close);
  }
}
