package rto.node;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import rto.node.journal.JournalSettings;
import rto.node.settings.ConfigMistakes;
import rto.node.settings.Settings;

/** The section {@code journal} as people write it, in a file of its own or beside a run. */
final class JournalFile {

  static final String SECTION = "journal";
  private static final String DEFAULTS = "journal-defaults.conf";

  /** What the section stands in. */
  record Section(JournalSettings journal) {}

  private JournalFile() {}

  /**
   * @param file whose other sections are not looked at; none means the defaults
   * @throws ConfigMistakes with every problem of the section and the overrides
   */
  static JournalSettings load(Optional<Path> file, List<String> overrides) {
    return Settings.loadSection(SECTION, file, overrides, DEFAULTS, Section.class).journal();
  }
}
