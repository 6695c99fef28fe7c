package rto.node;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import rto.checkpoint.WholeFolder;
import rto.tensor.Torch;

/**
 * Which program computes. Two that are not equal may round differently.
 *
 * @param version of the jar
 * @param libtorch its version
 * @param engine SHA-256 over the classes and scripts of the trainer, where all that a run computes
 *     is computed
 */
record ProgramVersion(String version, String libtorch, String engine) {

  /** Of a run that was begun before versions were noted. */
  static final ProgramVersion UNKNOWN = new ProgramVersion("unknown", "unknown", "unknown");

  private static final int SHOWN_DIGITS = 12;

  /** This one. */
  static ProgramVersion now() throws IOException {
    String version =
        Optional.ofNullable(ProgramVersion.class.getPackage().getImplementationVersion())
            .orElse("(not from a jar)");
    return new ProgramVersion(version, Torch.version(), engineOf(trainer()));
  }

  /** Of the jar, or the folder of classes, at this place; the same for both. */
  static String engineOf(Path place) throws IOException {
    if (Files.isDirectory(place)) {
      return digest(place);
    }
    try (FileSystem jar = FileSystems.newFileSystem(place)) {
      return digest(jar.getPath("/"));
    }
  }

  private static String digest(Path root) throws IOException {
    MessageDigest digest = WholeFolder.sha256();
    try (Stream<Path> all = Files.walk(root.resolve("rto"))) {
      List<Path> files =
          all.filter(Files::isRegularFile)
              .sorted(Comparator.comparing(f -> name(root, f)))
              .toList();
      for (Path file : files) {
        digest.update(name(root, file).getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String name(Path root, Path file) {
    return root.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private static Path trainer() {
    try {
      return Path.of(Torch.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String toString() {
    return "%s, engine %s, libtorch %s"
        .formatted(version, engine.substring(0, Math.min(SHOWN_DIGITS, engine.length())), libtorch);
  }
}
