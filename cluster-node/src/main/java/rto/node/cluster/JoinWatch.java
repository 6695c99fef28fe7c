package rto.node.cluster;

import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.cluster.MemberStatus;
import akka.cluster.typed.Cluster;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Says what a node waits for that looks for a cluster and has not found one. */
public final class JoinWatch {

  private enum Tick {
    LOOK
  }

  private static final Duration BETWEEN = Duration.ofSeconds(10);

  private JoinWatch() {}

  /**
   * @param awaited what is waited for, and where it is looked for
   */
  public static Behavior<Object> create(String awaited) {
    Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    return Behaviors.withTimers(
        timers -> {
          timers.startTimerWithFixedDelay(Tick.LOOK, BETWEEN);
          return Behaviors.receive((context, tick) -> look(context, awaited + " since " + since));
        });
  }

  private static Behavior<Object> look(ActorContext<Object> context, String awaited) {
    MemberStatus status = Cluster.get(context.getSystem()).selfMember().status();
    if (status.equals(MemberStatus.removed())) {
      context.getLog().warn("still waiting for {}", awaited);
      return Behaviors.same();
    }
    return Behaviors.stopped();
  }
}
