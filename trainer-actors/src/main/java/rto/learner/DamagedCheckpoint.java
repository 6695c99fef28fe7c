package rto.learner;

/** A checkpoint is not what was written, or is not there; the message names folder or file. */
public final class DamagedCheckpoint extends RuntimeException {

  private static final long serialVersionUID = 1;

  public DamagedCheckpoint(String message, Throwable cause) {
    super(message, cause);
  }
}
