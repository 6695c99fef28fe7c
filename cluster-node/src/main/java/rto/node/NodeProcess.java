package rto.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A node as a child process, with this process's flags. It cannot outlive this one: it ends when
 * the pipe to its standard input breaks.
 */
final class NodeProcess {

  private final Process process;

  private NodeProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts {@code rto node} with these arguments.
   *
   * @param environment beside what this process has in its own
   * @param name begins each line that the child says on {@code err}
   */
  static NodeProcess start(
      String name, List<String> arguments, Map<String, String> environment, PrintStream err)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Main.class.getName(), "node", "--with-parent"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    Process process = builder.start();
    pass(name, process.getInputStream(), err);
    pass(name, process.getErrorStream(), err);
    return new NodeProcess(process);
  }

  long pid() {
    return process.pid();
  }

  /** Waits for its end; its status. */
  int ended() throws InterruptedException {
    return process.waitFor();
  }

  void kill() {
    process.toHandle().destroyForcibly();
  }

  private static void pass(String name, InputStream from, PrintStream to) {
    Thread thread = new Thread(() -> pass(from, name, to), "output-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void pass(InputStream from, String name, PrintStream to) {
    try (var reader = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      reader.lines().forEach(line -> to.println(name + ": " + line));
    } catch (IOException | UncheckedIOException closed) {
      // the process is gone, which is said elsewhere
    }
  }
}
