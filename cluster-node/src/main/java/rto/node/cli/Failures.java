package rto.node.cli;

import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;
import rto.node.settings.ConfigMistakes;

/** What a user reads when it did not work, and the exit status. */
final class Failures {

  private static final String TORCH_STACK =
      "The following operation failed in the TorchScript interpreter.";

  private static final String TORCH_ERROR = "[\\w.]*(Error|Exception): .*";

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
  static int report(Throwable failure, CommandLine command, boolean debug) {
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
    Throwable cause = failure.getCause();
    if (cause != null && (message == null || message.equals(cause.toString()))) {
      return reason(cause); // a wrapper that says nothing of its own
    }
    if (failure instanceof OutOfMemoryError) {
      return "out of memory: " + message + " (JAVA_OPTS=-Xmx... gives the Java heap more)";
    }
    if (failure instanceof NoSuchFileException) {
      return message + ": no such file or folder";
    }
    if (failure instanceof AccessDeniedException) {
      return message + ": permission denied";
    }
    if (failure instanceof FileAlreadyExistsException) {
      return message + ": exists already";
    }
    return message == null || message.isBlank()
        ? failure.getClass().getSimpleName()
        : firstMeaningfulLine(message);
  }

  /** The first line; where that is libtorch's announcement of a stack, what stands after it. */
  private static String firstMeaningfulLine(String message) {
    List<String> lines = message.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    String first = lines.get(0);
    return lines.stream()
        .filter(line -> line.matches(TORCH_ERROR))
        .findFirst()
        .map(line -> first.replace(TORCH_STACK, line.replaceFirst("^\\S+ ", "")))
        .orElse(first);
  }
}
