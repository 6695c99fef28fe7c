package rto.rollout;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.Behaviors;
import java.util.function.Consumer;
import rto.protocol.WeightsRef;
import rto.protocol.WeightsRequest;
import rto.rollout.WeightsPuller.Pull;
import rto.rollout.WeightsPuller.PullFailed;
import rto.rollout.WeightsPuller.Pulled;

/** The part of a rollout worker that pulls weights, alone. */
public final class Receiver {

  private Receiver() {}

  /** Pulls once and tells the digest of what it holds then, or why it holds nothing. */
  public static Behavior<Object> create(
      WeightsRef ref, ActorRef<WeightsRequest> from, Consumer<String> result) {
    return Behaviors.setup(
        context -> {
          var puller = context.spawn(WeightsPuller.create(PullSettings.standard(), 2), "weights");
          puller.tell(new Pull(ref, from, context.getSelf().narrow()));
          return Behaviors.receive(Object.class)
              .onMessage(Pulled.class, pulled -> tell(result, pulled.file().sha256()))
              .onMessage(PullFailed.class, failed -> tell(result, failed.reason()))
              .build();
        });
  }

  private static Behavior<Object> tell(Consumer<String> result, String text) {
    result.accept(text);
    return Behaviors.same();
  }
}
