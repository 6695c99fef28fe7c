package rto.node;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import rto.checkpoint.WholeFolder;

/**
 * How a test starts Java for a process of its own. In an integration test it has what was packaged,
 * with the libraries of the package and no others, beside it the tests' classes, and the archive of
 * classes that the launcher makes; in another test it has what this JVM has.
 */
public final class Packaged {

  /** The program's jar, where it is made already. */
  private static final String JAR = System.getProperty("rto.jar", "");

  private static final String REHEARSAL = "rto.node.Rehearsal";

  private Packaged() {}

  /** The JVM with these flags and its class path; the main class comes next. */
  public static List<String> java(String... flags) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(executable());
    command.addAll(Arrays.asList(flags));
    if (JAR.isEmpty()) {
      command.addAll(List.of("-cp", System.getProperty("java.class.path")));
      return command;
    }
    String classPath = String.join(File.pathSeparator, JAR, testClasses().toString());
    command.addAll(List.of("-XX:SharedArchiveFile=" + archive(), "-cp", classPath));
    return command;
  }

  private static String executable() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  private static Path testClasses() {
    return Path.of(JAR).resolveSibling("test-classes");
  }

  /** Made by the first who asks; a jar that is younger has another one made. */
  private static synchronized Path archive() throws IOException {
    Path jar = Path.of(JAR);
    Path archive = jar.resolveSibling("rto-tests.jsa");
    Path lock = jar.resolveSibling("rto-tests.lock");
    try (var channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // Until the channel is closed.
      channel.lock();
      if (!Files.exists(archive)
          || Files.getLastModifiedTime(archive).compareTo(Files.getLastModifiedTime(jar)) < 0) {
        Path made = rehearse(jar, jar.resolveSibling("rehearsal"));
        Files.move(made, archive, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return archive;
  }

  private static Path rehearse(Path jar, Path folder) throws IOException {
    WholeFolder.delete(folder);
    Files.createDirectory(folder);
    Path made = jar.resolveSibling("rto-tests.jsa.new");
    Files.deleteIfExists(made);
    Process process =
        new ProcessBuilder(
                executable(),
                "-XX:ArchiveClassesAtExit=" + made,
                "-XX:+UseSerialGC",
                "-cp",
                jar.toString(),
                REHEARSAL,
                folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = process.inputReader().lines().collect(Collectors.joining(System.lineSeparator()));
    int status = process.onExit().join().exitValue();
    if (status != 0 || !Files.exists(made)) {
      throw new IllegalStateException("the rehearsal ended with " + status + ": " + said);
    }
    WholeFolder.delete(folder);
    return made;
  }
}
