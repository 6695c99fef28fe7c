package rto.protocol;

import akka.actor.typed.ActorRef;

/**
 * A task on its way to whichever worker pulls it.
 *
 * @param weightsFrom who hands out the bytes of the task's weights
 */
public record TaskOffer(RolloutTask task, ActorRef<WeightsRequest> weightsFrom)
    implements WireMessage {}
