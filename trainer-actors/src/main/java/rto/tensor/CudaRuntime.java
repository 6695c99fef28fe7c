package rto.tensor;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where NVIDIA's runtime library lies beside an installed PyTorch. libtorch finds it by itself; DJL
 * asks it how many GPUs there are, looks on the system's paths alone, and finds none otherwise.
 */
final class CudaRuntime {

  private static final String SEARCHED = "jna.library.path";
  private static final String TORCH = "PYTORCH_LIBRARY_PATH";
  private static final String NAME = "libcudart.so";

  private CudaRuntime() {}

  /** To be called before DJL's engine is loaded; what the user has set stays. */
  static void announce() {
    String torch = System.getenv(TORCH);
    if (torch != null && System.getProperty(SEARCHED) == null) {
      System.setProperty(
          SEARCHED,
          folders(Path.of(torch)).stream()
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator)));
    }
  }

  /**
   * Those of NVIDIA's packages that hold it, in the layout of Python's: {@code torch/lib} beside
   * {@code nvidia/*}{@code /lib}; or libtorch's own.
   */
  static List<Path> folders(Path torchLibraries) {
    Path library = torchLibraries.toAbsolutePath().normalize();
    Path packages = library.resolve("../../nvidia").normalize();
    try (Stream<Path> nvidia =
        Files.isDirectory(packages) ? Files.list(packages) : Stream.<Path>empty()) {
      return Stream.concat(nvidia.map(one -> one.resolve("lib")).sorted(), Stream.of(library))
          .filter(CudaRuntime::holdsIt)
          .toList();
    } catch (IOException unreadable) {
      // Only GPUs need it: they are then not found, and refused by name where somebody wants one.
      return List.of();
    }
  }

  private static boolean holdsIt(Path folder) {
    String[] found = folder.toFile().list((in, name) -> name.startsWith(NAME));
    return found != null && found.length > 0;
  }
}
