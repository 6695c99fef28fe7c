package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import rto.tensor.ComputeThread;

class ComputeTypeTest {

  /** oneDNN obeys this variable once in a process, before its first product. */
  private static final String LESS = "ONEDNN_MAX_CPU_ISA";

  @Test
  void processorThatDoesNotMultiplyBfloat16IsNamedWithTheReasonAndWhatIsAllowed() throws Exception {
    assumeTrue(
        System.getProperty("os.arch").equals("amd64"), "skipped: the variable is for x86-64");
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            ComputeTypeTest.class.getName());
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put(LESS, "AVX2");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out.lines())
        .contains("float32 true", "bfloat16 false")
        .anyMatch(
            line ->
                line.startsWith("compute-type: bfloat16 (expected: float32, on this processor: "));
  }

  /** In a process that says what its processor can do. */
  public static void main(String[] none) {
    try (ComputeThread thread = new ComputeThread("compute")) {
      thread.call(
          () -> {
            System.out.println("float32 " + ComputeType.FLOAT32.isSupported());
            System.out.println("bfloat16 " + ComputeType.BFLOAT16.isSupported());
            try {
              ComputeType.BFLOAT16.requireSupported();
            } catch (IllegalArgumentException refused) {
              System.out.println(refused.getMessage());
            }
            return null;
          });
    }
  }
}
