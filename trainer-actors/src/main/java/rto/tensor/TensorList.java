package rto.tensor;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;

/**
 * A {@code List[Tensor]} as libtorch holds it, for arguments that come again with every call: it
 * crosses as one handle, however many tensors it has. Keeps the memory of its tensors until it is
 * closed, whatever becomes of the arrays that it was made of. May be an argument on several threads
 * at once.
 */
public final class TensorList implements AutoCloseable {

  private final IValue value;

  TensorList(IValue value) {
    this.value = value;
  }

  /** The same tensors, not copied. */
  public static TensorList of(NDList tensors) {
    return new TensorList(
        IValue.listFrom(tensors.stream().map(PtNDArray.class::cast).toArray(PtNDArray[]::new)));
  }

  IValue value() {
    return value;
  }

  @Override
  public void close() {
    value.close();
  }
}
