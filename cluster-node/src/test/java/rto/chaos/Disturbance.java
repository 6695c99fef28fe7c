package rto.chaos;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import rto.chaos.Fault.Cut;
import rto.chaos.Fault.FillDisk;
import rto.chaos.Fault.Freeze;
import rto.chaos.Fault.Kill;
import rto.chaos.Fault.KillAll;
import rto.chaos.Fault.KillInCheckpoint;
import rto.chaos.Fault.Spring;
import rto.chaos.Fault.Whom;

/** Does to a cluster what a plan says. */
final class Disturbance {

  /** A trap that nobody walks into is replaced by a plain kill. */
  private static final Duration LONGEST_TRAP = Duration.ofSeconds(20);

  private static final long LOOK_AGAIN_NANOS = 100_000;

  private final Household house;
  private final Witness witness;
  private final Path run;
  private final Optional<Disk> disk;

  /**
   * @param run the run's folder
   * @param disk of its checkpoints, where it can be filled; nothing is done to it otherwise
   */
  Disturbance(Household house, Witness witness, Path run, Optional<Disk> disk) {
    this.disk = disk;
    this.house = house;
    this.witness = witness;
    this.run = run;
  }

  /** Returns when it is done, with what must recover from it. */
  List<Wound> inflict(Fault fault) throws InterruptedException {
    if (fault instanceof Kill kill) {
      return List.of(kill(victim(kill.whom())));
    } else if (fault instanceof Spring spring) {
      return List.of(spring(victim(spring.whom()), spring));
    } else if (fault instanceof KillInCheckpoint inCheckpoint) {
      return List.of(killAtByte(inCheckpoint.bytes()));
    } else if (fault instanceof KillAll) {
      return house.present().stream().map(this::kill).toList();
    } else if (fault instanceof Freeze freeze) {
      return freeze(victim(freeze.whom()), freeze.millis());
    } else if (fault instanceof Cut cut) {
      return cut(name(cut.whom()), cut.millis());
    }
    return fill((FillDisk) fault);
  }

  private Victim victim(Whom whom) throws InterruptedException {
    Patience.await(whom.toString(), () -> house.victim(name(whom)) != null);
    return house.victim(name(whom));
  }

  private String name(Whom whom) {
    return whom.target().in(house, whom.pick());
  }

  private Wound kill(Victim victim) {
    victim.kill();
    return wound(victim);
  }

  private Wound wound(Victim victim) {
    victim.end().join();
    long death =
        house.deaths().stream()
            .filter(one -> one.victim() == victim)
            .mapToLong(Household.Death::millis)
            .findFirst()
            .orElseGet(System::currentTimeMillis);
    return Wound.of(victim, house, witness, death);
  }

  private Wound spring(Victim victim, Spring spring) throws InterruptedException {
    victim.arm(spring.point(), spring.times());
    if (!Patience.holdsWithin(LONGEST_TRAP, () -> !victim.isAlive())) {
      victim.kill();
    }
    return wound(victim);
  }

  private Wound killAtByte(long bytes) throws InterruptedException {
    Victim brain = victim(new Whom(Target.BRAIN, 0));
    long end = System.nanoTime() + LONGEST_TRAP.toNanos();
    while (written() < bytes && System.nanoTime() < end && brain.isAlive()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
    }
    return kill(brain);
  }

  /** Bytes of a checkpoint that is not whole yet; -1 if none is being written. */
  private long written() {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.exists(checkpoints)) {
      return -1;
    }
    try (Stream<Path> all = Files.walk(checkpoints)) {
      return all.filter(path -> path.toString().contains(".part"))
          .mapToLong(path -> path.toFile().length())
          .reduce(Long::sum)
          .orElse(-1);
    } catch (IOException | UncheckedIOException renamed) {
      return -1;
    }
  }

  private List<Wound> fill(FillDisk fault) throws InterruptedException {
    if (disk.isPresent()) {
      try {
        disk.get().fill();
        Thread.sleep(fault.millis());
        disk.get().free();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return List.of();
  }

  private List<Wound> cut(String node, int millis) throws InterruptedException {
    house.links().cut(node);
    Thread.sleep(millis);
    house.links().join(node);
    return List.of();
  }

  private List<Wound> freeze(Victim victim, int millis) throws InterruptedException {
    victim.stop();
    Thread.sleep(millis);
    victim.goOn();
    return List.of();
  }
}
