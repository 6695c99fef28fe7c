package rto.node.dashboard;

import java.io.IOException;
import java.nio.file.Path;
import rto.checkpoint.WholeFile;

/**
 * report.html: one file with its style, its data and Chart.js inside, so that it opens anywhere and
 * for good. A content security policy forbids it to load anything.
 */
public final class ReportPage {

  private ReportPage() {}

  /** Writes the file whole or not at all. */
  public static void write(Report report, Path file) throws IOException {
    WholeFile.write(file, render(report));
  }

  static String render(Report report) throws IOException {
    return Template.render("report", PageModel.of(report));
  }
}
