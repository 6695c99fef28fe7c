package rto.lm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.checkpoint.ScratchFile;
import rto.lm.Differentiator.Read;
import rto.lm.io.HfCheckpoint;
import rto.protocol.Sampling;
import rto.tensor.ComputeThread;
import rto.tensor.Torch;

/**
 * Native memory is flat: 500 steps, each a gradient, a generation and a load of the model's bytes,
 * do not raise the process's resident size. Measured in a JVM of its own whose Java heap is
 * resident from the start, so that what grows is native.
 */
class NativeMemoryTest {

  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int WARM_UP = 150;
  private static final int STEPS = 500;

  /** One step's gradients are 150 KiB: left open, 100 of them are 15 MiB. */
  private static final long BOUND_KIB = 4 * 1024;

  private static final DecoderConfig CONFIG =
      new DecoderConfig(256, 32, 64, 2, 4, 2, 8, 1e-5, 10_000, 64, 1, 2, Models.language(false));

  @Test
  void fiveHundredStepsDoNotRaiseTheResidentSize() throws Exception {
    assertThat(growthKib("closed", STEPS)).isLessThan(BOUND_KIB);
  }

  @Test
  void aScopeThatIsLeftOpenWouldBeSeen() throws Exception {
    assertThat(growthKib("open", STEPS / 5)).isGreaterThan(BOUND_KIB);
  }

  private static long growthKib(String scopes, int steps) throws IOException, InterruptedException {
    assumeTrue(Files.exists(STATUS), "skipped: no " + STATUS + " on this system");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms64m",
                "-Xmx64m",
                "-XX:+AlwaysPreTouch",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(NativeMemoryTest.class.getName(), scopes, Integer.toString(steps)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    List<String> lines = out.lines().filter(line -> line.startsWith("growth ")).toList();
    assertThat(lines).as(out).hasSize(1);
    return Long.parseLong(lines.get(0).substring("growth ".length()));
  }

  /** The measured process: prints how many KiB its resident size grew. */
  public static void main(String[] arguments) {
    boolean close = arguments[0].equals("closed");
    int steps = Integer.parseInt(arguments[1]);
    try (ComputeThread thread = new ComputeThread("compute")) {
      thread.call(
          () -> {
            try (Decoder model = Models.random(CONFIG, 1)) {
              Differentiator nll =
                  new Differentiator(CONFIG, Read.EVERY_TOKEN, DifferentiatorTest.NLL);
              ScratchFile bytes = ScratchFile.create();
              HfCheckpoint.write(model, bytes);
              steps(WARM_UP, model, nll, bytes, true);
              long before = residentKib();

              steps(steps, model, nll, bytes, close);
              System.out.println("growth " + (residentKib() - before));
            }
            return null;
          });
    }
  }

  private static void steps(
      int n, Decoder model, Differentiator nll, ScratchFile bytes, boolean closeScopes)
      throws IOException {
    List<Sequence> batch = Models.sequences(CONFIG, 3);
    List<int[]> prompts = IntStream.range(0, 3).mapToObj(i -> batch.get(i).prompt()).toList();
    for (int step = 0; step < n; step++) {
      int seed = step;
      NDManager scope = Torch.newScope();
      NDList columns = new NDList(scope.create(new float[] {1, 2}));
      nll.gradients(scope, model, batch, 1, columns);
      if (closeScopes) {
        scope.close();
      }
      Generation.Request request =
          new Generation.Request(
              prompts, Sampling.plain(6), Set.of(5), (r, h) -> Models.uniform(seed, r, h));
      try (Generation batches = new BatchGeneration(model, 2, rows -> {});
          Generation slots = new SlotGeneration(model, 2, rows -> {})) {
        batches.responses(request);
        slots.responses(request);
      }
      try (Decoder loaded = HfCheckpoint.read(bytes.channel(), "bytes")) {
        loaded.logProbs(batch, 1, 2);
      }
    }
  }

  private static long residentKib() throws IOException {
    System.gc(); // frees the direct buffers of closed arrays
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }
}
