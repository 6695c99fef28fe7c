package rto.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rto.protocol.Require;

class SettingsTest {

  record Small(int seed, OptionalDouble clip, String greeting, List<Path> files, Duration pause) {
    Small {
      Require.that(seed >= 0, "seed: %s (expected: >= 0)", seed);
    }
  }

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = folder.resolve("small.conf");
    Files.writeString(file, "seed = 1\nclip = 0.5\ngreeting = hello\nfiles = [a]\n");
  }

  @Test
  void theCommandLineGoesOverTheFile() {
    Small small =
        load("seed=2", "clip=off", "greeting=What now? #1 // x", "files=[b, ${greeting}]");

    assertThat(small.seed()).isEqualTo(2);
    assertThat(small.clip()).isEmpty();
    assertThat(small.greeting()).isEqualTo("What now? #1 // x");
    assertThat(small.files()).containsExactly(Path.of("b"), Path.of("What now? #1 // x"));
  }

  @Test
  void theFileGoesOverTheDefaults() {
    assertThat(load().pause()).isEqualTo(Duration.ofSeconds(2));
    assertThat(load().seed()).isEqualTo(1);
  }

  @Test
  void aFileGoesOverTheOneBesideItThatItIncludes() throws IOException {
    Path over = folder.resolve("over.conf");
    Files.writeString(over, "include \"small.conf\"\nseed = 5\ngreeting = ${seed}\n");

    Small small = Settings.load(Optional.of(over), List.of(), "small-defaults.conf", Small.class);

    assertThat(small).isEqualTo(load("seed=5", "greeting=5"));
  }

  @Test
  void differencesAreKeys() {
    assertThat(Settings.differences(load(), load("seed=2", "clip=off")))
        .containsExactly("clip", "seed");
    assertThat(Settings.differences(load(), load())).isEmpty();
  }

  @Test
  void aMistakeOnTheCommandLineIsReportedLikeAnyOther() {
    assertThat(problems("seed=-1", "gretting=hi"))
        .containsExactly(
            "gretting: unknown key (did you mean greeting?) [command line]",
            "seed: -1 (expected: >= 0) [command line]");
    assertThat(problems("seed", "files=[a"))
        .containsExactly(
            "seed: not an override (expected: key=value) [command line]",
            "files=[a: not an override (expected: key=value) [command line]");
  }

  @Test
  void aMissingOrMalformedFileIsAMistakeToo() throws IOException {
    assertThat(mistakes(folder.resolve("none.conf")))
        .singleElement()
        .asString()
        .endsWith("none.conf (expected: an existing file)");
    Files.writeString(file, "seed = {");
    assertThat(mistakes(file)).singleElement().asString().contains("small.conf: 1:");
    Files.writeString(file, "seed = ${nowhere}");
    assertThat(mistakes(file)).singleElement().asString().contains("nowhere");
  }

  @Test
  void aFileIncludesItsNeighbourAndGoesOverIt() throws IOException {
    Path preset = folder.resolve("preset.conf");
    Files.writeString(preset, "include required(\"small.conf\")\nseed = 7\nfiles = [${greeting}]");

    Small small =
        Settings.load(Optional.of(preset), List.of("clip=1"), "small-defaults.conf", Small.class);
    assertThat(small.seed()).isEqualTo(7);
    assertThat(small.files()).containsExactly(Path.of("hello"));
    assertThat(small.clip()).hasValue(1);

    Files.writeString(file, "seed = -1\nclip = 0.5\ngreeting = hello\n");
    Files.writeString(preset, "include required(\"small.conf\")\nfiles = []");
    assertThat(mistakes(preset)).containsExactly("seed: -1 (expected: >= 0) [small.conf:1]");
    Files.writeString(preset, "include required(\"gone.conf\")");
    assertThat(mistakes(preset)).singleElement().asString().contains("gone.conf");
  }

  @Test
  void renderedSettingsLoadAsAnEqualRecord() throws IOException {
    Small small = load("clip=null", "pause=1500us");
    Files.writeString(file, Settings.render(small));

    assertThat(load()).isEqualTo(small);
  }

  @Test
  void renderedSettingsWithVariantsAndListsOfSectionsBindAsAnEqualRecord() {
    var example =
        new Example(
            1,
            new Example.Model(Path.of("m"), Example.Precision.FLOAT32, false, Optional.of("it")),
            new Example.Learning(
                0.1,
                1,
                OptionalDouble.of(0),
                OptionalInt.empty(),
                Duration.ofSeconds(3),
                new Example.FixedKl(),
                Optional.of(new Example.Adaptive(6, OptionalDouble.of(10)))),
            List.of(new Example.Stage("sft", 3)));

    var config = ConfigFactory.parseString(Settings.render(example));
    assertThat(RecordBinder.bind(config, Example.class)).isEqualTo(example);
  }

  @Test
  void theDigestDependsOnTheMeaningNotOnTheWriting() throws IOException {
    String before = Settings.sha256(load());
    Files.writeString(
        file, "pause = 2000ms, files = [\"a\"] # same\nclip = 5e-1, seed = 1.0, greeting = hello");

    assertThat(Settings.sha256(load())).isEqualTo(before).matches("[0-9a-f]{64}");
    assertThat(Settings.sha256(load("seed=3"))).isNotEqualTo(before);
  }

  private Small load(String... overrides) {
    return Settings.load(Optional.of(file), List.of(overrides), "small-defaults.conf", Small.class);
  }

  private List<String> problems(String... overrides) {
    return catchThrowableOfType(ConfigMistakes.class, () -> load(overrides)).problems();
  }

  private List<String> mistakes(Path path) {
    return catchThrowableOfType(
            ConfigMistakes.class,
            () -> Settings.load(Optional.of(path), List.of(), "small-defaults.conf", Small.class))
        .problems();
  }
}
