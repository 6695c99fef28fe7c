package rto.node.dashboard;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.interpret.RenderResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import rto.checkpoint.WholeFile;

/**
 * report.html: one file with its style, its data and Chart.js inside, so that it opens anywhere and
 * for good. A content security policy forbids it to load anything.
 */
public final class ReportPage {

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

  private ReportPage() {}

  /** Writes the file whole or not at all. */
  public static void write(Report report, Path file) throws IOException {
    WholeFile.write(file, render(report));
  }

  static String render(Report report) throws IOException {
    Map<String, Object> model = new HashMap<>(PageModel.of(report));
    model.put("css", resource("report.css"));
    model.put("js", resource("report.js"));
    model.put("chartJs", resource(CHART_JS).replaceAll("(?m)^//# sourceMappingURL=.*$", ""));
    RenderResult result =
        new Jinjava(STRICT).renderForResult(resource("report.html.j2"), model, STRICT);
    if (!result.getErrors().isEmpty()) {
      throw new IllegalStateException("report.html.j2: " + result.getErrors());
    }
    return result.getOutput();
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException(name + ": not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
