package rto.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;

/** The files of deploy/, as trees. */
public final class Yaml {

  public static final Path DEPLOY = Path.of("..", "deploy");

  private static final ObjectMapper MAPPER = mapper();

  private Yaml() {}

  /** The documents of a file; a key that stands twice is refused. */
  public static List<JsonNode> read(Path file) throws IOException {
    try (var documents = MAPPER.readerFor(JsonNode.class).<JsonNode>readValues(file.toFile())) {
      return documents.readAll();
    }
  }

  /** Those of Kubernetes. */
  public static List<Path> manifests() throws IOException {
    try (Stream<Path> files = Files.list(DEPLOY.resolve("kubernetes"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** Of an array; none if it is missing. */
  public static Stream<JsonNode> items(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }

  /** Of an array of texts. */
  public static List<String> texts(JsonNode array) {
    return items(array).map(JsonNode::asText).toList();
  }

  private static ObjectMapper mapper() {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    return new ObjectMapper(YAMLFactory.builder().loaderOptions(strict).build());
  }
}
