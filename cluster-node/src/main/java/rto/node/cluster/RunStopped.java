package rto.node.cluster;

/** The run's brain is gone; the run is not over, and goes on when another one is started. */
public final class RunStopped extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public RunStopped(String reason) {
    super(reason);
  }
}
