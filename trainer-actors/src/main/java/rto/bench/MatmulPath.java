package rto.bench;

import java.util.List;
import rto.lm.Kernels;
import rto.tensor.ComputeDevice;

/** The ways in which libtorch multiplies by a weight matrix. */
public enum MatmulPath {
  /** {@code torch.linear} in float32, on a CPU. */
  MKL("plain", "multiply"),
  /** {@code mkldnn._linear_pointwise} in float32. */
  ONEDNN("plain", "multiply_onednn"),
  /** The same with the weights in oneDNN's own layout. */
  ONEDNN_PACKED("packed", "multiply_onednn"),
  /** {@code torch.linear} in bfloat16. */
  BFLOAT16("bfloat16", "multiply"),
  /** {@code torch.linear} in float32, on a GPU. */
  CUBLAS("plain", "multiply");

  private final String preparation;
  private final String product;

  MatmulPath(String preparation, String product) {
    this.preparation = preparation;
    this.product = product;
  }

  /** The script's method that makes the weights ready, outside of what is timed. */
  String preparation() {
    return preparation;
  }

  /** The script's method that multiplies. */
  String product() {
    return product;
  }

  /** Those of this thread's device. */
  static List<MatmulPath> here() {
    return ComputeDevice.current().isCpu()
        ? List.of(MKL, ONEDNN, ONEDNN_PACKED, BFLOAT16)
        : List.of(CUBLAS, BFLOAT16);
  }

  /** Those that a decoder with these kernels may take: the fastest of them bounds it. */
  static List<MatmulPath> of(Kernels kernels) {
    return switch (kernels) {
      case PLAIN -> ComputeDevice.current().isCpu() ? List.of(MKL) : List.of(CUBLAS);
      case ONEDNN -> List.of(ONEDNN, ONEDNN_PACKED);
    };
  }
}
