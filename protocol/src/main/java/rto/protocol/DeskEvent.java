package rto.protocol;

/** What happened at the desk: its journal, in the past tense. */
public sealed interface DeskEvent extends WireMessage {

  /** A run was handed in, and is on until {@link RunEnded}. */
  record RunSubmitted(String run, String config) implements DeskEvent {}

  /**
   * The run is over.
   *
   * @param text what its user reads: the results, or the reason
   */
  record RunEnded(String run, How how, String text) implements DeskEvent {}

  /** How a run can end. */
  enum How {
    FINISHED,
    FAILED,
    STOPPED
  }
}
