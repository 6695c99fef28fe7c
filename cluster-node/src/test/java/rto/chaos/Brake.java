package rto.chaos;

import akka.actor.ActorSystem;
import akka.pattern.Patterns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import scala.concurrent.Future;
import scala.jdk.javaapi.DurationConverters;

/**
 * Slows a run down while it is disturbed, so that no machine is so fast that the run is over before
 * its disturbances are: while the file is there, each write to the journal begins a moment later.
 *
 * @param file of the driver's, known to all nodes
 */
record Brake(Path file) {

  /** System property of a node: the file. */
  private static final String FILE = "rto.chaos.brake";

  private static final Duration PAUSE = Duration.ofMillis(250);

  /** For a node's JVM. */
  String flag() {
    return "-D" + FILE + "=" + file;
  }

  void on() throws IOException {
    Files.createFile(file);
  }

  void off() throws IOException {
    Files.deleteIfExists(file);
  }

  /** In a node: the write, at once or after the pause; no thread waits for it. */
  static <T> Future<T> slowed(ActorSystem system, Supplier<Future<T>> write) {
    String file = System.getProperty(FILE);
    if (file == null || !Files.exists(Path.of(file))) {
      return write.get();
    }
    return Patterns.after(
        DurationConverters.toScala(PAUSE),
        system.scheduler(),
        system.dispatcher(),
        (Callable<Future<T>>) write::get);
  }
}
