package rto.tensor;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.pytorch.jni.RecordedCall;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import rto.protocol.Require;

/**
 * TorchScript functions written by this project, compiled into one module.
 *
 * <p>The source holds methods of one class, each indented by two spaces or more and spelled {@code
 * def name(self, x: Tensor, w: List[Tensor]) -> Tensor:}; they may call each other through {@code
 * self} and read the attributes given to {@link #compile}. Stateless: tensors come as arguments.
 *
 * <ul>
 *   <li>{@link #run} runs in inference mode: fast, nothing can be differentiated
 *   <li>{@link #train} records gradients, for methods that differentiate inside the script
 * </ul>
 *
 * Calls may come from several threads at once; tensors that none of them changes may be shared.
 */
public final class Script {

  private final PtSymbolBlock module;

  @SuppressWarnings("unused") // a module dies with its manager
  private final NDManager manager;

  private Script(NDManager manager, PtSymbolBlock module) {
    this.manager = manager;
    this.module = module;
  }

  /**
   * Methods to compile that this jar brings along.
   *
   * @param resource where, from the jar's root: {@code /rto/lm/rows.py}
   */
  public static String source(String resource) {
    try (InputStream in = Script.class.getResourceAsStream(resource)) {
      Require.that(in != null, "script: %s (expected: a resource of this jar)", resource);
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("script " + resource + " could not be read", e);
    }
  }

  /**
   * Compiles methods.
   *
   * @param methods TorchScript source
   * @param attributes constants that the methods read through {@code self}: Long, Double, Boolean,
   *     or a List of Long
   * @throws ai.djl.engine.EngineException with libtorch's message if the source is refused
   */
  public static Script compile(String methods, Map<String, Object> attributes) {
    NDManager manager = Torch.newScope();
    try {
      Path file = Files.createTempFile("rto-ops", ".pt");
      try {
        Files.write(file, ScriptArchive.write(methods, attributes));
        String[] noFiles = new String[0];
        return new Script(
            manager,
            JniUtils.loadModule((PtNDManager) manager, file, false, noFiles, noFiles, true));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("TorchScript archive could not be written", e);
    }
  }

  /**
   * Calls a method in inference mode.
   *
   * @param scope owns the results
   * @param arguments each an NDArray, an NDList or a TensorList (a {@code List[Tensor]}), a Long, a
   *     Double or a long[] (a {@code List[int]})
   * @return the method's Tensor, or List[Tensor], or tuple of Tensors
   */
  public NDList run(NDManager scope, String method, Object... arguments) {
    try (IValue result = called(IValueUtils::runMethod, method, arguments)) {
      return result.toNDList((PtNDManager) scope);
    }
  }

  /** As {@link #run}, with a List[Tensor] that stays in libtorch as its result. */
  public TensorList hold(String method, Object... arguments) {
    return new TensorList(called(IValueUtils::runMethod, method, arguments));
  }

  /** As {@link #run}, for what the method does to its arguments. */
  public void apply(String method, Object... arguments) {
    called(IValueUtils::runMethod, method, arguments).close();
  }

  /** How a method is called: with autograd or without. */
  @FunctionalInterface
  private interface Call {
    IValue run(PtSymbolBlock module, String method, IValue... arguments);
  }

  private IValue called(Call call, String method, Object... arguments) {
    Torch.prepareThread();
    IValue[] values = new IValue[arguments.length];
    List<IValue> own = new ArrayList<>(arguments.length);
    try {
      for (int i = 0; i < values.length; i++) {
        if (arguments[i] instanceof TensorList list) {
          values[i] = list.value();
        } else {
          values[i] = value(arguments[i]);
          own.add(values[i]);
        }
      }
      return call.run(module, method, values);
    } finally {
      own.forEach(IValue::close);
    }
  }

  /**
   * Calls a method with autograd recording; the method itself asks for gradients with {@code
   * torch.grad}.
   *
   * @param scope owns the results
   * @param arguments as of {@link #run}; one array may stand in several places
   */
  public NDList train(NDManager scope, String method, Object... arguments) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(true);
    try (IValue result = called(RecordedCall::run, method, arguments)) {
      return result.toNDList((PtNDManager) scope);
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  private static IValue value(Object argument) {
    if (argument instanceof NDArray array) {
      return IValue.from((PtNDArray) array);
    }
    if (argument instanceof NDList list) {
      return IValue.listFrom(list.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new));
    }
    if (argument instanceof Long number) {
      return IValue.from(number);
    }
    if (argument instanceof Double number) {
      return IValue.from(number);
    }
    if (argument instanceof long[] numbers) {
      return IValue.listFrom(numbers);
    }
    throw new IllegalArgumentException(
        "argument: "
            + argument
            + " (expected: NDArray, NDList, TensorList, Long, Double or long[])");
  }
}
