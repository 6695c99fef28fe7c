package rto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ScriptTest {

  private static final String METHODS =
      """
        # comments are allowed
        def affine(self, x: Tensor, a: float) -> Tensor:
          return torch.add(torch.mul(x, a), self.offset)

        def total(self, xs: List[Tensor]) -> Tensor:
          sum = torch.zeros_like(xs[0])
          for x in xs:
            sum = torch.add(sum, x)
          return sum

        def gradient(self, x: Tensor, w: List[Tensor]) -> List[Tensor]:
          p = [v.detach().requires_grad_(True) for v in w]
          loss = torch.sum(torch.mul(torch.mul(p[0], p[0]), x))
          out : List[Tensor] = [loss.detach()]
          for g in torch.grad([loss], p):
            if g is not None:
              out.append(g)
          return out
      """;

  @Test
  void methodsSeeArgumentsAndAttributes() {
    try (ComputeThread thread = new ComputeThread("test")) {
      float[] result =
          thread.call(
              () -> {
                Script script = Script.compile(METHODS, Map.of("offset", 3L));
                try (NDManager scope = Torch.newScope()) {
                  NDArray x = scope.create(new float[] {1, 2});
                  return script.run(scope, "affine", x, 2.0).singletonOrThrow().toFloatArray();
                }
              });
      assertThat(result).containsExactly(5, 7);
    }
  }

  @Test
  void listsOfTensorsArriveAsLists() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager scope = Torch.newScope()) {
      NDList xs = new NDList(scope.create(new float[] {1, 2}), scope.create(new float[] {10, 20}));
      assertThat(script.run(scope, "total", xs).singletonOrThrow().toFloatArray())
          .containsExactly(11, 22);
    }
  }

  @Test
  void gradientsAreTakenInsideTheScript() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager scope = Torch.newScope()) {
      // d/dw sum(w² x) = 2 w x
      NDArray x = scope.create(new double[] {1, 10});
      NDList w = new NDList(scope.create(new double[] {2, 3}));
      NDList out = script.train(scope, "gradient", x, w);
      assertThat(out.get(0).toDoubleArray()).containsExactly(94);
      assertThat(out.get(1).toDoubleArray()).containsExactly(4, 60);
    }
  }

  @Test
  void refusedSourceTellsLibtorchsReason() {
    assertThatThrownBy(() -> Script.compile("  def f(self) -> Tensor:\n    return y\n", Map.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("y");
  }
}
