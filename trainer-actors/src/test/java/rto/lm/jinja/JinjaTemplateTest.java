package rto.lm.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against what Python's Jinja gives: see {@code src/test/fixtures/make_tokenizers.py}. */
class JinjaTemplateTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path FOLDER = Path.of("src/test/resources/templates");

  @ParameterizedTest
  @ValueSource(strings = {"lines", "search", "turns", "values", "refuses"})
  void templatesAreRenderedAsPythonRendersThem(String name) throws IOException {
    JinjaTemplate template = JinjaTemplate.of(Files.readString(FOLDER.resolve(name + ".jinja")));
    for (JsonNode example : JSON.readTree(FOLDER.resolve("expected.json").toFile()).get(name)) {
      if (example.has("error")) {
        assertThatExceptionOfType(JinjaError.class)
            .isThrownBy(() -> rendered(template, example))
            .withMessage(example.get("error").asText())
            .matches(error -> error.line() == 3);
      } else {
        assertThat(rendered(template, example)).isEqualTo(example.get("text").asText());
      }
    }
  }

  private static String rendered(JinjaTemplate template, JsonNode example) {
    List<Map<String, Object>> messages =
        JSON.convertValue(example.get("messages"), new TypeReference<>() {});
    return template.render(
        Map.of(
            "messages",
            messages,
            "add_generation_prompt",
            true,
            "bos_token",
            "<s>",
            "eos_token",
            "</s>"));
  }

  /** Expected: the rules of Jinja's manual, with trim_blocks and lstrip_blocks. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      textBlock =
          """
          a {% if true %} b {% endif %} c|a  b  c
          a~  {% if true %}~b~  {% endif %}~c|a~b~c
          a~~  {%- if true -%}~ b ~{%- endif -%}~~ c|abc
          a~  {%+ if true %}b{% endif %}|a~  b
          a {{- 'b' -}} ~ c|abc
          a~  {{ 'b' }}~c~|a~  b~c
          a~  {# note %} {{ #}~b{#- x -#} c|a~bc
          {{ '{%' }}{{ "}}" }}{{ 'it\\'s' }}|{%}}it's
          a{% if true %}  {% endif %}b|a  b
          """)
  void whiteSpaceIsStrippedAsTheManualSays(String template, String expected) {
    assertThat(JinjaTemplate.of(template.replace('~', '\n')).render(Map.of()))
        .isEqualTo(expected.replace('~', '\n'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          a~{{ b                                          | 2 | {{: not closed
          ~{%- for a in b if a %}{% endfor %}             | 2 | for a in b if a (expected
          {#~#}~~{% for a in [1] -%}~{% break %}{% endfor %} | 5 | break (expected
          a~~{%- if true %}~{{ x.y( }}{% endif %}         | 4 | syntax error
          ~~{% unknown %}                                 | 3 | unknown
          ~{% if true %}                                  | 2 | if
          ~{{- raise_exception('no, not ' ~ 'that') }}    | 2 | no, not that
          ~{{ strftime_now('%Q') }}                       | 2 | strftime_now: %Q (expected: one of
          """)
  void mistakesAreToldWithTheirLine(String template, int line, String reason) {
    String text = template.replaceAll("~(?! ')", "\n");
    assertThatExceptionOfType(JinjaError.class)
        .isThrownBy(() -> JinjaTemplate.of(text).render(Map.of()))
        .withMessageContaining(reason)
        .matches(error -> error.line() == line, "line " + line);
  }

  @Test
  void noFileNamesTheDayOfTheRun() {
    assertThat(JinjaTemplate.of("{{ strftime_now('%d %b %Y, %A %H:%M') }}").render(Map.of()))
        .isEqualTo("26 Jul 2024, Friday 00:00");
  }

  @Test
  void anEmptySeparatorIsRefusedAsPythonRefusesIt() {
    assertThatExceptionOfType(JinjaError.class)
        .isThrownBy(() -> JinjaTemplate.of("{{ 'ab'.split('') }}").render(Map.of()))
        .withMessageContaining("split: empty separator");
  }
}
