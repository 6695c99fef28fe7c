package rto.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;
import rto.metrics.ProcessMemory;

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

        def twice(self, xs: List[Tensor]) -> List[Tensor]:
          return [torch.add(x, x) for x in xs]

        def clear(self, xs: List[Tensor]) -> int:
          for x in xs:
            x.zero_()
          return len(xs)

        def numbers(self, xs: List[int]) -> Tensor:
          return torch.tensor(xs)

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
  void aTensorListOutlivesTheArraysThatItWasMadeOf() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager scope = Torch.newScope()) {
      NDArray x = scope.create(new float[] {1, 2});
      try (TensorList list = TensorList.of(new NDList(x, scope.create(new float[] {10, 20})))) {
        x.close();
        try (TensorList doubled = script.hold("twice", list)) {
          assertThat(script.run(scope, "total", doubled).singletonOrThrow().toFloatArray())
              .containsExactly(22, 44);
        }
        script.apply("clear", list);
        assertThat(script.run(scope, "total", list).singletonOrThrow().toFloatArray())
            .containsExactly(0, 0);
      }
    }
  }

  @Test
  void numbersArriveAsAList() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager scope = Torch.newScope()) {
      long[] numbers = {3, -1, 4};
      assertThat(script.run(scope, "numbers", numbers).singletonOrThrow().toLongArray())
          .containsExactly(3, -1, 4);
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
  void oneArrayMayStandInSeveralPlacesAndKeepsItsName() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager scope = Torch.newScope()) {
      // d/dw sum(w² w) with the factor w held: 2 w w
      NDArray w = scope.create(new double[] {2, 3});
      w.setName("mine");
      NDList out = script.train(scope, "gradient", w, new NDList(w));
      assertThat(out.get(0).toDoubleArray()).containsExactly(8 + 27);
      assertThat(out.get(1).toDoubleArray()).containsExactly(8, 18);
      assertThat(w.getName()).isEqualTo("mine");
    }
  }

  @Test
  void scopeOfACallHoldsItsResultsAndNothingElse() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager arguments = Torch.newScope()) {
      NDArray x = arguments.create(new double[] {1, 10});
      NDList w = new NDList(arguments.create(new double[] {2, 3}));
      NDManager scope = Torch.newScope();
      NDList out = script.train(scope, "gradient", x, w);
      NDList sum = script.run(scope, "total", w);
      assertThat(scope.getManagedArrays())
          .containsExactlyInAnyOrder(out.get(0), out.get(1), sum.get(0));
      assertThat(arguments.getManagedArrays()).hasSize(2);
      scope.close();
      assertThat(out.get(1).isReleased()).isTrue();
      assertThat(w.get(0).toDoubleArray()).containsExactly(2, 3);
    }
  }

  @Test
  void argumentsOfOtherKindsAreRefused() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    try (NDManager scope = Torch.newScope()) {
      NDArray x = scope.create(new double[] {1, 10});
      assertThatIllegalArgumentException()
          .isThrownBy(() -> script.train(scope, "gradient", x, "text"))
          .withMessageContaining("argument: text");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> script.run(scope, "total", "text"))
          .withMessageContaining("argument: text");
    }
  }

  /** A call that fails holds on to nothing: 100 times 1 MiB would be seen. */
  @Test
  void callsThatThrowFreeTheirArguments() {
    Script script = Script.compile(METHODS, Map.of("offset", 3L));
    assumeTrue(ProcessMemory.nativeHeap() > 0, "skipped: no glibc on this system");
    double before = ProcessMemory.nativeHeap();
    for (int i = 0; i < 100; i++) {
      try (NDManager scope = Torch.newScope()) {
        NDArray x = scope.zeros(new Shape(1 << 18));
        NDList w = new NDList(scope.zeros(new Shape(3)));
        assertThatThrownBy(() -> script.train(scope, "gradient", x, w))
            .isInstanceOf(EngineException.class);
        assertThatThrownBy(() -> script.run(scope, "gradient", x, w))
            .isInstanceOf(EngineException.class);
      }
    }
    assertThat(ProcessMemory.nativeHeap() - before).isLessThan(10 << 20);
  }

  @Test
  void refusedSourceTellsLibtorchsReason() {
    assertThatThrownBy(() -> Script.compile("  def f(self) -> Tensor:\n    return y\n", Map.of()))
        .isInstanceOf(EngineException.class)
        .hasMessageContaining("y");
  }
}
