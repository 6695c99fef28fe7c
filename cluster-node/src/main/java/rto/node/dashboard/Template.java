package rto.node.dashboard;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.RenderResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** A page from its template, NAME.html.j2, with NAME.js, the common style and Chart.js inside. */
final class Template {

  private static final String CHART_JS =
      "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

  // Texts of a model are not templates: what stands in {{ }} inside of them is left alone.
  private static final JinjavaConfig STRICT =
      JinjavaConfig.newBuilder()
          .withNestedInterpretationEnabled(false)
          .withFailOnUnknownTokens(true)
          .withTrimBlocks(true)
          .withLstripBlocks(true)
          .build();

  private Template() {}

  static String render(String name, Map<String, Object> model) throws IOException {
    Map<String, Object> all = new HashMap<>(model);
    all.put("css", resource("report.css"));
    all.put("js", resource(name + ".js"));
    all.put("chartJs", resource(CHART_JS).replaceAll("(?m)^//# sourceMappingURL=.*$", ""));
    String template = name + ".html.j2";
    RenderResult result = new Jinjava(STRICT).renderForResult(resource(template), all, STRICT);
    if (!result.getErrors().isEmpty()) {
      throw new IllegalStateException(template + ": " + result.getErrors());
    }
    return result.getOutput();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = Template.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + ": not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
