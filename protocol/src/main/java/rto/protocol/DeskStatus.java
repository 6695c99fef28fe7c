package rto.protocol;

import java.util.Optional;

/**
 * What the desk knows of the run that is on and of the one before.
 *
 * @param run its name; empty if none is on
 * @param config its settings as JSON; empty if none is on
 * @param brain names the run's present brain, another one after each restart; empty while there is
 *     nothing to do for rollout workers and scorers
 * @param stage what the learner's node works on
 * @param status of the policy stage, once it has begun
 * @param last how the last run ended
 */
public record DeskStatus(
    String run,
    String config,
    String brain,
    Stage stage,
    Optional<RunStatus> status,
    Optional<DeskEvent.RunEnded> last)
    implements WireMessage {

  /**
   * A stage in work: {@code done} of {@code total} units.
   *
   * @param name empty if none is in work
   */
  public record Stage(String name, String unit, long done, long total) {

    /** Nothing is in work. */
    public static final Stage NONE = new Stage("", "", 0, 0);
  }

  /** Whether a run is on. */
  public boolean isOn() {
    return !run.isEmpty();
  }
}
