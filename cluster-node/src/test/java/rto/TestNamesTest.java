package rto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A test that no plugin picks up by its name is never run, and nobody is told. */
class TestNamesTest {

  private static final Pattern HAS_TESTS =
      Pattern.compile(
          "(?m)^\\s*@(Test|ParameterizedTest|RepeatedTest|TestFactory|Property|ArchTest)\\b");

  /** What surefire runs by default, and what failsafe does. */
  private static final Pattern IS_RUN =
      Pattern.compile("(Test.*|.*(Test|Tests|TestCase)|IT.*|.*(IT|ITCase))\\.java");

  @ParameterizedTest
  @ValueSource(strings = {"protocol", "trainer-actors", "cluster-node"})
  void everyClassWithTestsHasANameThatIsRun(String module) throws IOException {
    TreeSet<String> run = new TreeSet<>();
    TreeSet<String> neverRun = new TreeSet<>();
    try (Stream<Path> files = Files.walk(Path.of("..", module, "src", "test", "java"))) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        if (HAS_TESTS.matcher(Files.readString(file)).find()) {
          String name = file.getFileName().toString();
          (IS_RUN.matcher(name).matches() ? run : neverRun).add(name);
        }
      }
    }
    assertThat(run).isNotEmpty();
    assertThat(neverRun).isEmpty();
  }
}
