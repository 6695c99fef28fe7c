package rto.chaos;

import java.util.Locale;

/** Something that is done to a cluster. */
sealed interface Fault {

  /** Whom it hits; {@code pick} chooses among several. */
  record Whom(Target target, int pick) {
    @Override
    public String toString() {
      return target.name().toLowerCase(Locale.ROOT);
    }
  }

  /** SIGKILL from outside. */
  record Kill(Whom whom) implements Fault {
    @Override
    public String toString() {
      return "kill " + whom;
    }
  }

  /** SIGKILL from inside, at the n-th time that the process is at a point. */
  record Spring(Whom whom, TrapPoint point, int times) implements Fault {
    @Override
    public String toString() {
      return "kill %s at its %d. %s".formatted(whom, times, point);
    }
  }

  /** SIGKILL of the brain when so many bytes of a checkpoint are written, as seen from outside. */
  record KillInCheckpoint(long bytes) implements Fault {
    @Override
    public String toString() {
      return "kill brain at byte %d of a checkpoint".formatted(bytes);
    }
  }

  /** SIGKILL of all processes at once. */
  record KillAll() implements Fault {
    @Override
    public String toString() {
      return "kill all";
    }
  }

  /** SIGSTOP, and SIGCONT after a while. */
  record Freeze(Whom whom, int millis) implements Fault {
    @Override
    public String toString() {
      return "stop %s for %d ms".formatted(whom, millis);
    }
  }

  /** Nothing goes to or from this node for a while; no connection is closed. */
  record Cut(Whom whom, int millis) implements Fault {
    @Override
    public String toString() {
      return "cut %s off for %d ms".formatted(whom, millis);
    }
  }

  /** The file system of the run is full for a while. */
  record FillDisk(int millis) implements Fault {
    @Override
    public String toString() {
      return "fill the disk for %d ms".formatted(millis);
    }
  }
}
