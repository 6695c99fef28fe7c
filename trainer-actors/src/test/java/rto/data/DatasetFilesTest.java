package rto.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetFilesTest {

  private static final String PAIR = "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\"}\n";

  @TempDir Path folder;

  @Test
  void promptsAreReadInOrderAndUnknownKeysAreLeftAlone() throws IOException {
    Path file =
        file(
            "p.jsonl", "{\"prompt\":\"one\",\"id\":[1]}\r\n{\"source\":null,\"prompt\":\"zwölf\"}");
    assertThat(PromptDataset.read(file).examples())
        .containsExactly(new PromptExample("one"), new PromptExample("zwölf"));
  }

  @Test
  void conversationsAreReadAsTheirJson() throws IOException {
    String question =
        "[{\"role\":\"system\",\"content\":\"s\"},{\"role\":\"user\",\"content\":\"q\"}]";
    String yes = "[{\"role\":\"assistant\",\"content\":\"yes\"}]";
    Path file =
        file(
            "c.jsonl",
            "{\"prompt\":%s,\"chosen\":%s,\"rejected\":\"no\",\"response\":%s}"
                .formatted(question, yes, yes));
    assertThat(PromptDataset.read(file).examples()).containsExactly(new PromptExample(question));
    assertThat(PreferenceDataset.read(file).examples())
        .containsExactly(new Preference(question, "yes", "no"));
    assertThat(DemonstrationDataset.read(file).examples())
        .containsExactly(new Demonstration(question, "yes"));
    Path written = folder.resolve("again.jsonl");
    PromptDataset.read(file).write(written);
    assertThat(PromptDataset.read(written)).isEqualTo(PromptDataset.read(file));
    Path bad = file("b.jsonl", "{\"prompt\":[{\"role\":\"user\"}]}");
    assertThatThrownBy(() -> PromptDataset.read(bad))
        .hasMessage(
            bad
                + ":1: prompt: {\"role\":\"user\"} (expected: a string, or a list of messages"
                + " {role, content})");
  }

  @Test
  void gzipIsToldByItsBytesWhateverTheName() throws IOException {
    Path packed = folder.resolve("pairs.jsonl");
    Files.write(packed, gzip(PAIR));
    Path plain = file("pairs.jsonl.gz", PAIR);
    assertThat(PreferenceDataset.read(packed).examples())
        .containsExactly(new Preference("p", "c", "r"));
    assertThat(PreferenceDataset.read(plain)).isEqualTo(PreferenceDataset.read(packed));
  }

  @Test
  void whatTheLengthLimitEndedIsSaidOnlyWhereItIsTrue() throws IOException {
    var pairs =
        new PreferenceDataset(
            List.of(
                new Preference("p", "c", "r", false, false),
                new Preference("p", "c", "r", true, false),
                new Preference("p", "c", "r", false, true),
                new Preference("p", "c", "r", true, true)));
    Path file = folder.resolve("flags.jsonl");
    pairs.write(file);
    assertThat(Files.readAllLines(file))
        .containsExactly(
            PAIR.strip(),
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"chosen_truncated\":true}",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"rejected_truncated\":true}",
            "{\"prompt\":\"p\",\"chosen\":\"c\",\"rejected\":\"r\",\"chosen_truncated\":true,"
                + "\"rejected_truncated\":true}");
    assertThat(PreferenceDataset.read(file)).isEqualTo(pairs);
  }

  @Test
  void aFlagIsTrueOrFalse() throws IOException {
    Path file = file("f.jsonl", PAIR + PAIR.replace("}", ",\"chosen_truncated\":\"yes\"}"));
    assertThatThrownBy(() -> PreferenceDataset.read(file))
        .isInstanceOf(BadDataException.class)
        .hasMessageContaining("f.jsonl")
        .hasMessageContaining("2")
        .hasMessageContaining("chosen_truncated: \"yes\" (expected: true or false)");
  }

  @Test
  void demonstrationsAreResponsesToPromptsOrPlainText() throws IOException {
    Path file =
        file(
            "d.jsonl",
            "{\"prompt\":\"p\",\"response\":\"r\",\"text\":\"p r\"}\n{\"text\":\"t\"}\n");
    assertThat(DemonstrationDataset.read(file).examples())
        .containsExactly(new Demonstration("p", "r"), new Demonstration("", "t"));
  }

  @Test
  void whatIsWrittenIsReadBack() {
    var prompts = PromptDataset.of(List.of("one \"quoted\"", "two\nlines", "drei ä 😀"));
    var pairs = new PreferenceDataset(List.of(new Preference("p", "c", "r")));
    var texts =
        new DemonstrationDataset(List.of(new Demonstration("", "t"), new Demonstration("p", "r")));
    for (String ending : List.of(".jsonl", ".jsonl.gz")) {
      prompts.write(folder.resolve("new/prompts" + ending));
      pairs.write(folder.resolve("pairs" + ending));
      texts.write(folder.resolve("texts" + ending));
      assertThat(PromptDataset.read(folder.resolve("new/prompts" + ending))).isEqualTo(prompts);
      assertThat(PreferenceDataset.read(folder.resolve("pairs" + ending))).isEqualTo(pairs);
      assertThat(DemonstrationDataset.read(folder.resolve("texts" + ending))).isEqualTo(texts);
    }
  }

  @Test
  void namesThatEndInGzAreCompressed() throws IOException {
    Path file = folder.resolve("p.jsonl.gz");
    PromptDataset.of(List.of("one")).write(file);
    byte[] bytes = Files.readAllBytes(file);
    assertThat(new int[] {bytes[0] & 0xff, bytes[1] & 0xff}).containsExactly(0x1f, 0x8b);
  }

  @Test
  void failedWriteLeavesTheOldFileAndNothingBeside() throws IOException {
    Path file = file("p.jsonl", "{\"prompt\":\"old\"}\n");
    Iterator<Object> failing = Stream.<Object>of(new PromptExample("new"), "no object").iterator();
    assertThatThrownBy(() -> JsonLines.write(file, () -> failing))
        .hasMessage("line: \"no object\" (expected: a record or a map)");
    assertThat(Files.readString(file)).isEqualTo("{\"prompt\":\"old\"}\n");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void mapsAreWrittenInTheirOrder() throws IOException {
    Path file = folder.resolve("m.jsonl");
    JsonLines.write(file, List.of(Map.of("a", 1)));
    assertThat(Files.readString(file)).isEqualTo("{\"a\":1}\n");
  }

  @Test
  void badLinesAreRefusedWithFileLineAndReason() throws IOException {
    refused(
        PAIR.repeat(16) + "{\"prompt\":\"p\",\"rejected\":\"r\"}",
        ":17: chosen: missing (expected: a string)");
    refused(PAIR + "{\"prompt\":\"p\",\"chosen\":7}", ":2: chosen: 7 (expected: a string)");
    refused("{\"prompt\":null}", ":1: prompt: null (expected: a string)");
    refused(
        "{\"prompt\":\"p\",\"chosen\":[{\"role\":\"user\"}]}",
        ":1: chosen: [{\"role\":\"user\"}] (expected: a string, or a list of one message of the"
            + " assistant)");
    refused("{\"prompt\":{}}", ":1: prompt: an object (expected: a string)");
    refused("{\"prompt\":\"\"}", ":1: prompt: \"\" (expected: a string that is not empty)");
    refused("{\"prompt\":\"  \"}", ":1: prompt: \"  \" (expected: a string that is not empty)");
    refused("[1]", ":1: an array (expected: a JSON object)");
    refused("\"text\"", ":1: \"text\" (expected: a JSON object)");
    refused(PAIR + "\n" + PAIR, ":2: empty line (expected: a JSON object)");
    refused("", ": empty (expected: a JSON Lines file of {prompt, chosen, rejected})");
  }

  @Test
  void linesThatAreNoJsonAreRefusedWithTheColumn() throws IOException {
    assertThat(refusal(file("x.jsonl", PAIR + "{\"prompt\": oops}")))
        .startsWith("x.jsonl:2: not JSON at column ")
        .contains("oops")
        .endsWith("(expected: a JSON object)");
    assertThat(refusal(file("x.jsonl", "{\"prompt\":\"p\""))).startsWith("x.jsonl:1: not JSON");
    assertThat(refusal(file("x.jsonl", "{} {}"))).startsWith("x.jsonl:1: not JSON");
    assertThat(refusal(file("x.jsonl", "{\"prompt\":\"a\",\"prompt\":\"b\"}")))
        .startsWith("x.jsonl:1: not JSON")
        .contains("Duplicate");
  }

  @Test
  void demonstrationWithoutTextOrResponseIsRefused() throws IOException {
    Path file = file("d.jsonl", "{\"id\":1}");
    assertThatThrownBy(() -> DemonstrationDataset.read(file))
        .hasMessageEndingWith(
            "d.jsonl:1: response: missing (expected: {prompt, response} or {text})");
    Path half = file("h.jsonl", "{\"prompt\":\"p\",\"text\":\"t\"}");
    assertThatThrownBy(() -> DemonstrationDataset.read(half))
        .hasMessageEndingWith("h.jsonl:1: response: missing (expected: a string)");
  }

  @Test
  void filesThatAreNoUtf8AreRefusedAtTheLine() throws IOException {
    byte[] latin1 = (PAIR + "{\"prompt\":\"zwölf\"}").getBytes(StandardCharsets.ISO_8859_1);
    assertThat(refusal(file("x.jsonl", latin1)))
        .isEqualTo("x.jsonl:2: not UTF-8 (expected: text in UTF-8)");
    assertThat(refusal(file("x.jsonl", PAIR.getBytes(StandardCharsets.UTF_16))))
        .isEqualTo("x.jsonl:1: not UTF-8 (expected: text in UTF-8)");
  }

  @Test
  void byteOrderMarkOfUtf8IsSkipped() throws IOException {
    assertThat(PreferenceDataset.read(file("x.jsonl", "\uFEFF" + PAIR)).size()).isEqualTo(1);
  }

  @Test
  void missingFilesAndFoldersAreNamed() {
    assertThat(refusal(folder.resolve("none.jsonl")))
        .isEqualTo(
            "none.jsonl: missing (expected: a JSON Lines file of {prompt, chosen, rejected})");
    assertThatThrownBy(() -> PromptDataset.read(folder))
        .hasMessage(folder + ": not a regular file (expected: a JSON Lines file of {prompt})");
  }

  @Test
  void gzipThatWasCutIsRefused() throws IOException {
    byte[] whole = gzip(PAIR.repeat(1000));
    Path file = file("x.jsonl", Arrays.copyOf(whole, whole.length - 8));
    assertThat(refusal(file))
        .startsWith("x.jsonl: damaged gzip after line ")
        .endsWith("(expected: a whole gzip file)");
  }

  private void refused(String content, String message) throws IOException {
    assertThat(refusal(file("x.jsonl", content))).isEqualTo("x.jsonl" + message);
  }

  /** The message of refusing a preference file, its folder left out. */
  private String refusal(Path file) {
    try {
      return "accepted: " + PreferenceDataset.read(file);
    } catch (BadDataException e) {
      return e.getMessage().replace(folder + "/", "");
    }
  }

  private Path file(String name, String content) throws IOException {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }
}
