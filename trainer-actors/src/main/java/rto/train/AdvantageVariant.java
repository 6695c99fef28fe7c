package rto.train;

import java.io.IOException;
import rto.tensor.ComputePool;

/** How rewards become advantages, by name. */
public enum AdvantageVariant {
  /** Generalised advantage estimation on a critic that learns along. */
  GAE {
    @Override
    Advantages with(RtoSettings settings, CriticSource critic, ComputePool pool)
        throws IOException {
      return new CriticAdvantages(settings, critic.get(), pool);
    }
  },
  /** The return-to-go, without a critic (REINFORCE++). */
  RETURN_TO_GO {
    @Override
    Advantages with(RtoSettings settings, CriticSource critic, ComputePool pool) {
      return new ReturnAdvantages(settings.gamma());
    }
  };

  /** Loads or makes the critic; asked by an estimate that has one only. */
  @FunctionalInterface
  interface CriticSource {
    Trainee get() throws IOException;
  }

  abstract Advantages with(RtoSettings settings, CriticSource critic, ComputePool pool)
      throws IOException;
}
