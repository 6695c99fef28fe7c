/**
 * The long run: which iteration, which policy, what next; survives restarts. It knows the learner
 * only as a behaviour that understands {@link rto.protocol.LearnerCommand}, the workers only as
 * whoever pulls tasks under a service key, and the scoring rooms not at all.
 *
 * <p>The run is event-sourced, and what happens next is a pure function of the plan, the journalled
 * {@link rto.run.RunState} and what the learner holds ({@link rto.run.NextStep}): recovery is not a
 * special path, it is the same function asked with a learner that is still behind the journal.
 *
 * <p>An actor of this house understands several protocols at once: its own, its neighbours' replies
 * and Akka's delivery messages. Java has no union types, so such an actor is a {@code
 * Behavior<Object>} inside and is handed out narrowed to the messages that others may send.
 */
package rto.run;
