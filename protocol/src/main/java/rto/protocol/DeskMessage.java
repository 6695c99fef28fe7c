package rto.protocol;

import akka.actor.typed.ActorRef;

/** What users and nodes ask of the desk, the one place of a cluster where runs are handed in. */
public sealed interface DeskMessage extends WireMessage {

  /**
   * Begin this run, or go on with it.
   *
   * @param run its name and that of its folder
   * @param config the settings that decide its result, as JSON
   */
  record SubmitRun(String run, String config, ActorRef<DeskReply> replyTo) implements DeskMessage {}

  /** End the run that is on; handed in again, it goes on where it was. */
  record StopRun(ActorRef<DeskReply> replyTo) implements DeskMessage {}

  /** Which run is on, and where is it? */
  record AskDesk(ActorRef<DeskStatus> replyTo) implements DeskMessage {}
}
