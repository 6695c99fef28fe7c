package rto.protocol;

import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.ActorSystem;

/** How lines for people name an actor: with its node, wherever the line is written. */
public final class ActorNames {

  private ActorNames() {}

  /** As {@code akka://rto@host:port/user/...}. */
  public static String full(ActorSystem<?> system, ActorRef<?> actor) {
    return ActorRefResolver.get(system).toSerializationFormat(actor).replaceFirst("#.*", "");
  }

  /** The {@code host:port} in a full name; empty for an actor system that has none. */
  public static String node(String full) {
    String afterSystem = full.replaceFirst("^[a-z.]+://[^@/]*@?", "");
    return full.contains("@") ? afterSystem.replaceFirst("/.*", "") : "";
  }
}
