package rto.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be said of the images and of the compose file without an engine. */
class ContainerTest {

  private static final Path ROOT = Path.of("..");

  /** Of the compose specification, those that we use: anything else is a slip of the finger. */
  private static final Set<String> SERVICE =
      Set.of(
          "image",
          "build",
          "restart",
          "stop_grace_period",
          "environment",
          "volumes",
          "command",
          "entrypoint",
          "depends_on",
          "healthcheck",
          "hostname",
          "<<");

  private record Line(String word, String rest) {}

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
  void imageHasPinnedBasesAndCopiesWhatIsThere(String name) throws IOException {
    Set<String> stages = new HashSet<>();
    for (Line line : dockerfile(name)) {
      if (line.word().equals("FROM")) {
        String[] words = line.rest().split(" ");
        assertThat(words[0]).matches("[a-z/-]+:[\\w.-]*\\d+\\.\\d+[\\w.-]*");
        if (words.length == 3) {
          stages.add(words[2]);
        }
      }
      if (line.word().equals("COPY") && line.rest().startsWith("--from=")) {
        assertThat(stages).contains(line.rest().substring("--from=".length()).split(" ")[0]);
      } else if (line.word().equals("COPY")) {
        assertThat(ROOT.resolve(line.rest().split(" ")[0])).exists();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Dockerfile", "Dockerfile.cuda"})
  void imageRunsTheLauncherAndNotAsRoot(String name) throws IOException {
    Map<String, String> last =
        dockerfile(name).stream()
            .collect(Collectors.toMap(Line::word, Line::rest, (early, late) -> late));
    assertThat(last.get("USER")).isEqualTo("10001");
    // Exec form: SIGTERM reaches the launcher, which becomes Java.
    assertThat(last.get("ENTRYPOINT")).isEqualTo("[\"/opt/rto/cluster-node/bin/rto\"]");
    assertThat(Files.isExecutable(ROOT.resolve("cluster-node/bin/rto"))).isTrue();
  }

  @Test
  void cudaImageTellsWherePytorchLies() throws IOException {
    String environment =
        dockerfile("Dockerfile.cuda").stream()
            .filter(line -> line.word().equals("ENV"))
            .map(Line::rest)
            .collect(Collectors.joining(" "));
    assertThat(environment.split(" +"))
        .contains("PYTORCH_VERSION=2.7.1", "PYTORCH_FLAVOR=cu128")
        .anyMatch(word -> word.matches("PYTORCH_LIBRARY_PATH=/.*/torch/lib"));
    assertThat(dockerfile("Dockerfile.cuda"))
        .anyMatch(line -> line.rest().startsWith("pytorch/pytorch:2.7.1-cuda12.8"));
  }

  @Test
  void composeFileHasKnownKeysAndPinnedImages() throws IOException {
    JsonNode file = compose();
    for (JsonNode service : file.at("/services")) {
      assertThat(names(service)).isSubsetOf(SERVICE);
      assertThat(service.has("image") || service.has("<<")).isTrue();
      assertThat(service.path("image").asText("rto:cpu")).doesNotEndWith(":latest").contains(":");
    }
  }

  @Test
  void composeServicesAndVolumesThatAreNamedExist() throws IOException {
    JsonNode services = compose().at("/services");
    for (JsonNode service : services) {
      assertThat(names(services)).containsAll(names(service.path("depends_on")));
      for (String mount : Yaml.texts(service.path("volumes"))) {
        assertThat(names(compose().at("/volumes"))).contains(mount.split(":")[0]);
      }
    }
    assertThat(names(services)).contains("postgres", "learner", "scorer", "rollout");
  }

  private static JsonNode compose() throws IOException {
    return Yaml.read(Yaml.DEPLOY.resolve("compose.yaml")).get(0);
  }

  private static Set<String> names(JsonNode object) {
    Iterable<String> fields = object::fieldNames;
    return StreamSupport.stream(fields.spliterator(), false).collect(Collectors.toSet());
  }

  /** One instruction a line; what is continued is joined, comments are left out. */
  private static List<Line> dockerfile(String name) throws IOException {
    String text = Files.readString(Yaml.DEPLOY.resolve(name)).replaceAll("(?m)^#.*\n", "");
    return text.replaceAll("\\\\\n\\s*", " ")
        .lines()
        .filter(line -> !line.isBlank())
        .map(line -> new Line(line.split(" ", 2)[0], line.split(" ", 2)[1]))
        .toList();
  }
}
