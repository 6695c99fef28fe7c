package rto.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaRuntimeTest {

  @TempDir Path packages;

  @Test
  void itIsFoundInThePackagesBesidePytorch() throws IOException {
    Path torch = Files.createDirectories(packages.resolve("torch/lib"));
    Path runtime = Files.createDirectories(packages.resolve("nvidia/cuda_runtime/lib"));
    Files.createFile(runtime.resolve("libcudart.so.12"));
    Files.createFile(
        Files.createDirectories(packages.resolve("nvidia/cublas/lib")).resolve("libcublas.so.12"));
    assertThat(CudaRuntime.folders(torch)).containsExactly(runtime);
  }

  @Test
  void itMayLieWithLibtorchOrNowhere() throws IOException {
    Path torch = Files.createDirectories(packages.resolve("libtorch/lib"));
    assertThat(CudaRuntime.folders(torch)).isEmpty();
    Files.createFile(torch.resolve("libcudart.so.12"));
    assertThat(CudaRuntime.folders(torch)).containsExactly(torch);
  }
}
