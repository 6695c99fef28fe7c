package rto.node;

/** A run that cannot go on; the message is for its user. The same command tries again. */
public final class RunFailed extends RuntimeException {

  public RunFailed(String reason) {
    super(reason);
  }
}
