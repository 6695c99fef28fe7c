package rto.node.cli;

import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import rto.node.settings.ConfigMistakes;

/** What a user reads when it did not work, and the exit status. */
final class Failures {

  private Failures() {}

  /** Something typed wrong: what, the nearest right word, and where to read on; status 2. */
  static int usage(ParameterException mistake, String[] args) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("rto: " + mistake.getMessage());
    UnmatchedArgumentException.printSuggestions(mistake, err);
    err.println("Try: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  /** Mistakes in the settings, one line each: status 2. Anything else, one line: status 1. */
  static int report(Exception failure, CommandLine command, boolean debug) {
    PrintWriter err = command.getErr();
    if (debug) {
      failure.printStackTrace(err);
    }
    if (failure instanceof ConfigMistakes mistakes) {
      int count = mistakes.problems().size();
      err.println("rto: " + (count == 1 ? "a mistake" : count + " mistakes") + " in the settings");
      mistakes.problems().forEach(problem -> err.println("  " + problem));
      return ExitCode.USAGE;
    }
    err.println("rto: " + reason(failure) + (debug ? "" : " (--debug tells more)"));
    return ExitCode.SOFTWARE;
  }

  private static String reason(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof NoSuchFileException) {
      return message + ": no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return message + ": exists already";
    }
    return message == null || message.isBlank() ? failure.getClass().getSimpleName() : message;
  }
}
