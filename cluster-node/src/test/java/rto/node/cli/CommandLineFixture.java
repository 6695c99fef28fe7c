package rto.node.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** The command line before a program that only notes what it is asked. */
abstract class CommandLineFixture {

  @TempDir Path folder;
  Path file;
  final RecordedOperations operations = new RecordedOperations();
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  @BeforeEach
  void makeFile() throws IOException {
    file = Files.createFile(folder.resolve("small.conf"));
  }

  /** The exit status. */
  final int rto(String... args) {
    return RtoCommand.create(operations)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }

  static String[] with(String command, String[] options, String... more) {
    var all = new ArrayList<>(List.of(command));
    all.addAll(List.of(options));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }
}
