package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no test without a GPU would see: where tensors are made, and which kernels attend. */
class ScriptDevicesTest {

  private static final Path SCRIPTS = Path.of("src", "main", "resources", "rto");

  private static final Pattern MAKING =
      Pattern.compile(
          "torch\\.(arange|zeros|ones|full|empty|eye|tensor|scalar_tensor|rand\\w*)\\(");

  @Test
  void scriptsSayWhereTheyMakeTensors() throws IOException {
    List<String> silent = new ArrayList<>();
    List<Path> scripts = scripts();
    int made = 0;
    for (Path script : scripts) {
      String source = Files.readString(script);
      Matcher making = MAKING.matcher(source);
      while (making.find()) {
        made++;
        String arguments = arguments(source, making.end());
        if (!arguments.contains("device=")) {
          silent.add(script.getFileName() + ": " + making.group() + arguments + ")");
        }
      }
    }
    assertThat(silent).isEmpty();
    assertThat(made).as("tensors that are made in %s", scripts).isGreaterThan(5);
  }

  /** On a GPU a fused kernel may round by what was computed before: attention() knows when. */
  @Test
  void oneScriptOfTheEngineAloneCallsFusedAttention() throws IOException {
    List<String> calling = new ArrayList<>();
    for (Path script : scripts()) {
      boolean engine = !script.startsWith(SCRIPTS.resolve("bench"));
      if (engine && Files.readString(script).contains("scaled_dot_product_attention(")) {
        calling.add(script.getFileName().toString());
      }
    }
    assertThat(calling).containsExactly("decoder.py");
  }

  private static List<Path> scripts() throws IOException {
    try (Stream<Path> files = Files.walk(SCRIPTS)) {
      return files.filter(file -> file.toString().endsWith(".py")).toList();
    }
  }

  /** What stands from here to the bracket that closes the call. */
  private static String arguments(String source, int from) {
    int open = 1;
    int at = from;
    while (open > 0) {
      char c = source.charAt(at++);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
    }
    return source.substring(from, at - 1);
  }
}
