package rto.lm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import rto.lm.Differentiator.Read;
import rto.protocol.Sampling;
import rto.tensor.ComputeThread;
import rto.tensor.Script;
import rto.tensor.Torch;

/** The same work gives the same bits: again, on another thread, beside other work. */
class DeterminismTest {

  private static final String DESCENT =
      """
        def step(self, w: List[Tensor], g: List[Tensor], rate: float) -> Tensor:
          torch._foreach_add_(w, g, alpha=torch.neg(rate))
          return w[0]
      """;

  @Test
  void repetitionIsBitIdentical() {
    try (ComputeThread thread = new ComputeThread("only")) {
      String first = thread.call(() -> digest(1));
      assertThat(thread.call(() -> digest(1))).isEqualTo(first);
      assertThat(thread.call(() -> digest(2))).isNotEqualTo(first);
    }
  }

  @Test
  void anotherThreadGivesTheSameBits() {
    try (ComputeThread one = new ComputeThread("one");
        ComputeThread two = new ComputeThread("two")) {
      assertThat(two.call(() -> digest(1))).isEqualTo(one.call(() -> digest(1)));
      assertThat(digest(1))
          .as("on a thread of nobody's making")
          .isEqualTo(two.call(() -> digest(1)));
    }
  }

  @Test
  void threadsAtTheSameTimeDoNotDisturbEachOther() {
    try (ComputeThread one = new ComputeThread("one");
        ComputeThread two = new ComputeThread("two")) {
      String expected = one.call(() -> digest(3));
      for (int i = 0; i < 2; i++) {
        CompletableFuture<String> left = one.submit(() -> digest(3));
        CompletableFuture<String> right = two.submit(() -> digest(3));
        assertThat(left.join()).isEqualTo(expected);
        assertThat(right.join()).isEqualTo(expected);
      }
    }
  }

  @Test
  void threadsMayReadTheSameWeightsInDifferentScripts() {
    String squares =
        """
        def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
          return [torch.sum(torch.mul(torch.mul(output, output), columns[0]))]
        """;
    Differentiator nll = new Differentiator(Models.TINY, Read.EVERY_TOKEN, DifferentiatorTest.NLL);
    Differentiator weighted = new Differentiator(Models.TINY, Read.EVERY_TOKEN, squares);
    try (ComputeThread one = new ComputeThread("one");
        ComputeThread two = new ComputeThread("two");
        Decoder model = Models.random(Models.TINY, 4)) {
      String left = one.call(() -> gradients(nll, model));
      String right = two.call(() -> gradients(weighted, model));
      for (int i = 0; i < 20; i++) {
        CompletableFuture<String> l = one.submit(() -> gradients(nll, model));
        CompletableFuture<String> r = two.submit(() -> gradients(weighted, model));
        assertThat(l.join()).isEqualTo(left);
        assertThat(r.join()).isEqualTo(right);
      }
    }
  }

  private static String gradients(Differentiator differentiator, Decoder model) {
    MessageDigest digest = sha256();
    try (NDManager scope = Torch.newScope()) {
      NDList columns = new NDList(scope.create(2f));
      differentiator
          .gradients(scope, model, Models.sequences(Models.TINY, 4), 1, columns)
          .forEach(g -> digest.update(Weights.bytes(g)));
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Samples, scores and learns from the samples for a few steps; everything goes into a digest. */
  private static String digest(long seed) {
    Script descent = Script.compile(DESCENT, Map.of());
    Differentiator nll =
        new Differentiator(Models.STORIES, Read.EVERY_TOKEN, DifferentiatorTest.NLL);
    MessageDigest digest = sha256();
    try (Decoder model = Models.random(Models.STORIES, seed)) {
      for (int step = 0; step < 3; step++) {
        List<Sequence> samples = sample(model, seed, step);
        samples.forEach(s -> digest.update(Arrays.toString(s.response()).getBytes(UTF_8)));
        for (float[] logProbs : model.logProbs(samples, 1, 4)) {
          for (float logProb : logProbs) {
            digest.update(Float.toString(logProb).getBytes(UTF_8));
          }
        }
        try (NDManager scope = Torch.newScope()) {
          NDList out = nll.gradients(scope, model, samples, 1, new NDList());
          NDList gradients = new NDList(out.subList(2, out.size()));
          descent.run(scope, "step", model.weights().tensors(), gradients, 1e-4);
        }
      }
      model.weights().digest(digest);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static List<Sequence> sample(Decoder model, long seed, int step) {
    List<int[]> prompts =
        IntStream.range(0, 6)
            .mapToObj(i -> Models.tokens(Models.STORIES, 1 + 3 * i, seed + i))
            .toList();
    List<TextGenerator.Response> responses;
    try (TextGenerator generator = new TextGenerator(model, 6)) {
      responses =
          generator.generate(
              prompts, Sampling.plain(12), 7, (r, h) -> Models.uniform(seed + step, r, h));
    }
    return IntStream.range(0, prompts.size())
        .mapToObj(i -> new Sequence(prompts.get(i), responses.get(i).tokens()))
        .toList();
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
