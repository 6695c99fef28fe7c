package rto;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every package says what it is for. Read from the sources: Javadoc is not in the class files. */
class PackageInfoTest {

  /** A comment of at least this many characters says more than a name does. */
  private static final int A_SENTENCE = 40;

  @Test
  void everyPackageHasAPackageInfoWorthReading() throws IOException {
    TreeSet<String> silent = new TreeSet<>();
    for (Path folder : packages()) {
      Path info = folder.resolve("package-info.java");
      if (!Files.exists(info) || comment(Files.readString(info)).length() < A_SENTENCE) {
        silent.add(folder.toString());
      }
    }
    assertThat(silent).isEmpty();
  }

  private static List<Path> packages() throws IOException {
    TreeSet<Path> folders = new TreeSet<>();
    for (String module : List.of("protocol", "trainer-actors", "cluster-node")) {
      Path sources = Path.of("..", module, "src", "main", "java");
      TreeSet<Path> found = new TreeSet<>();
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(f -> found.add(f.getParent()));
      }
      assertThat(found).as(module).isNotEmpty();
      folders.addAll(found);
    }
    return List.copyOf(folders);
  }

  /** What the first Javadoc comment says, without stars. */
  private static String comment(String source) {
    int from = source.indexOf("/**");
    int to = source.indexOf("*/");
    return from < 0 || to < from
        ? ""
        : source.substring(from + 3, to).replaceAll("(?m)^\\s*\\*", "").strip();
  }
}
