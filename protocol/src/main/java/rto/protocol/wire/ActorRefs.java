package rto.protocol.wire;

import akka.actor.ActorPathExtractor;
import akka.actor.ExtendedActorSystem;
import akka.actor.typed.ActorRef;
import akka.actor.typed.ActorRefResolver;
import akka.actor.typed.javadsl.Adapter;
import rto.protocol.Require;

/**
 * Actor references to addresses and back.
 *
 * <p>The resolver is looked up for each call: serializers are made while the actor system still
 * starts, when the typed system cannot be asked for yet.
 */
final class ActorRefs {

  private final ExtendedActorSystem system;

  ActorRefs(ExtendedActorSystem system) {
    this.system = system;
  }

  String toAddress(ActorRef<?> ref) {
    return resolver().toSerializationFormat(ref);
  }

  /**
   * The reference at this address; dead letters if a local actor is gone.
   *
   * @throws IllegalArgumentException naming the field if the text is no address at all
   */
  <T> ActorRef<T> fromAddress(String field, String address) {
    Require.that(
        ActorPathExtractor.unapply(address).isDefined(),
        "%s: '%s' (expected: an actor's address)",
        field,
        address);
    return resolver().resolveActorRef(address);
  }

  private ActorRefResolver resolver() {
    return ActorRefResolver.get(Adapter.toTyped(system));
  }
}
