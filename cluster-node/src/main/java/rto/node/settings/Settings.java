package rto.node.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigUtil;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Loads settings: what the command line says, over what the file says, over the defaults of {@code
 * rto-defaults.conf}. A file may include others and refer to {@code ${other.keys}} or environment
 * variables, as HOCON allows; JVM system properties are not looked at.
 */
public final class Settings {

  /** The resource with every default, commented. */
  public static final String DEFAULTS = "rto-defaults.conf";

  private static final ConfigParseOptions MUST_EXIST =
      ConfigParseOptions.defaults().setAllowMissing(false);

  private Settings() {}

  /**
   * @param overrides {@code key=value} each; a value that begins with one of <code>[ { " $</code>
   *     is read as HOCON, any other is taken as it stands
   * @throws ConfigMistakes with every problem of the file and the overrides
   */
  public static <R extends Record> R load(Path file, List<String> overrides, Class<R> type) {
    return load(Optional.of(file), overrides, DEFAULTS, type);
  }

  /**
   * Settings of their own kind, with their own defaults.
   *
   * @param file need not be there
   * @param defaults the resource with every default
   */
  public static <R extends Record> R load(
      Optional<Path> file, List<String> overrides, String defaults, Class<R> type) {
    return RecordBinder.bind(resolved(file, overrides, defaults), type);
  }

  /** Settings that {@link #render} wrote, and what differs from them here. */
  public static <R extends Record> R read(String rendered, List<String> overrides, Class<R> type) {
    try {
      Config config = commandLine(overrides).withFallback(ConfigFactory.parseString(rendered));
      return RecordBinder.bind(config.resolve(), type);
    } catch (ConfigException unreadable) {
      throw new ConfigMistakes(List.of("config: " + unreadable.getMessage()));
    }
  }

  /** As above, of a file that has one section more, which another reader reads. */
  public static <R extends Record> R loadBeside(
      String section, Path file, List<String> overrides, Class<R> type) {
    Config config = resolved(file, overrides, DEFAULTS).withoutPath(section);
    return RecordBinder.bind(config, type);
  }

  /**
   * That section alone.
   *
   * @param defaults the resource with the section's defaults
   * @param type has the section as its only component
   */
  public static <R extends Record> R loadSection(
      String section, Path file, List<String> overrides, String defaults, Class<R> type) {
    return loadSection(section, Optional.of(file), overrides, defaults, type);
  }

  /** As above, where there need not be a file. */
  public static <R extends Record> R loadSection(
      String section, Optional<Path> file, List<String> overrides, String defaults, Class<R> type) {
    Config config = resolved(file, overrides, defaults, DEFAULTS).withOnlyPath(section);
    return RecordBinder.bind(config, type);
  }

  private static Config resolved(Path file, List<String> overrides, String... defaults) {
    return resolved(Optional.of(file), overrides, defaults);
  }

  private static Config resolved(Optional<Path> file, List<String> overrides, String... defaults) {
    if (!file.map(Files::isRegularFile).orElse(true)) {
      throw new ConfigMistakes(List.of("config: " + file.get() + " (expected: an existing file)"));
    }
    Config config = commandLine(overrides);
    try {
      if (file.isPresent()) {
        config = config.withFallback(ConfigFactory.parseFile(file.get().toFile(), MUST_EXIST));
      }
      for (String resource : defaults) {
        config = config.withFallback(parseResource(resource));
      }
      return config.resolve();
    } catch (ConfigException unreadable) {
      throw new ConfigMistakes(List.of("config: " + unreadable.getMessage()));
    }
  }

  /**
   * The settings as text that {@link #load} reads back as an equal record: JSON with sorted keys,
   * the same for equal records however they were written down.
   */
  public static String render(Record settings) {
    return SettingsText.of(settings);
  }

  /** The keys at which two records of one type differ, as {@code path.to.key}, sorted. */
  public static <R extends Record> List<String> differences(R a, R b) {
    return SettingsText.differences(a, b);
  }

  /** In lower-case hex, of the {@linkplain #render rendered} settings. */
  public static String sha256(Record settings) {
    try {
      byte[] text = render(settings).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException everyJavaHasIt) {
      throw new IllegalStateException(everyJavaHasIt);
    }
  }

  private static Config parseResource(String resource) {
    return ConfigFactory.parseResources(Settings.class.getClassLoader(), resource, MUST_EXIST);
  }

  private static Config commandLine(List<String> overrides) {
    List<String> problems = new ArrayList<>();
    Config config = ConfigFactory.empty();
    for (String override : overrides) {
      try {
        config = override(override).withFallback(config);
      } catch (ConfigException | IllegalArgumentException malformed) {
        problems.add(override + ": not an override (expected: key=value) [command line]");
      }
    }
    if (!problems.isEmpty()) {
      throw new ConfigMistakes(problems);
    }
    return config;
  }

  private static Config override(String override) {
    int equals = override.indexOf('=');
    if (equals < 1) {
      throw new IllegalArgumentException(override);
    }
    String value = override.substring(equals + 1).strip();
    boolean hocon = value.matches("(?s)[\\[{\"$].*|null");
    String line =
        override.substring(0, equals) + "=" + (hocon ? value : ConfigUtil.quoteString(value));
    return ConfigFactory.parseString(
        line, ConfigParseOptions.defaults().setOriginDescription(Origins.COMMAND_LINE));
  }
}
