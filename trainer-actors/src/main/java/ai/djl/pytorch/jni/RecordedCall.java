package ai.djl.pytorch.jni;

import ai.djl.pytorch.engine.PtSymbolBlock;
import java.util.Arrays;

/**
 * {@link IValueUtils#runMethod} outside of inference mode. DJL's own way there, {@link
 * IValueUtils#forward} for training, takes arrays that are told apart by their names, and never
 * frees its handles of them when the method throws.
 */
public final class RecordedCall {

  private RecordedCall() {}

  /**
   * @param arguments stay the caller's
   * @return the method's result, for the caller to close
   */
  public static IValue run(PtSymbolBlock module, String method, IValue... arguments) {
    long[] handles = Arrays.stream(arguments).mapToLong(IValue::getHandle).toArray();
    return new IValue(
        PyTorchLibrary.LIB.moduleRunMethod(module.getHandle(), method, handles, true, false));
  }
}
