package rto.bench;

import java.util.List;
import java.util.stream.Stream;
import rto.lm.ComputeType;
import rto.lm.Kernels;
import rto.lm.Passes;
import rto.tensor.ComputeDevice;

/** The ways in which libtorch multiplies by a weight matrix. */
public enum MatmulPath {
  /** {@code torch.linear} in float32, on a CPU. */
  MKL("plain", "multiply"),
  /** {@code mkldnn._linear_pointwise} in float32. */
  ONEDNN("plain", "multiply_onednn"),
  /** The same with the weights in oneDNN's own layout. */
  ONEDNN_PACKED("packed", "multiply_onednn"),
  /** The same in bfloat16, in oneDNN's own layout. */
  BFLOAT16_PACKED("packed_bfloat16", "multiply_onednn"),
  /** {@code torch.linear} in bfloat16. */
  BFLOAT16("bfloat16", "multiply"),
  /** The same in float16. */
  FLOAT16("float16", "multiply"),
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

  /** The script's method that makes the rows ready. */
  String rowsPreparation() {
    return switch (this) {
      case MKL, ONEDNN, ONEDNN_PACKED, CUBLAS -> "plain";
      case BFLOAT16_PACKED, BFLOAT16 -> "bfloat16";
      case FLOAT16 -> "float16";
    };
  }

  /** Those worth showing on this thread's device, and those that a decoder computed so may take. */
  static List<MatmulPath> measured(Passes passes) {
    return Stream.concat(here().stream(), of(passes).stream()).distinct().toList();
  }

  private static List<MatmulPath> here() {
    if (!ComputeDevice.current().isCpu()) {
      return List.of(CUBLAS, BFLOAT16, FLOAT16);
    }
    return ComputeType.BFLOAT16.isSupported()
        ? List.of(MKL, ONEDNN, ONEDNN_PACKED, BFLOAT16_PACKED, BFLOAT16)
        : List.of(MKL, ONEDNN, ONEDNN_PACKED, BFLOAT16);
  }

  /** Those that a decoder computed so may take: the fastest of them bounds it. */
  static List<MatmulPath> of(Passes passes) {
    boolean onCpu = ComputeDevice.current().isCpu();
    return switch (passes.type()) {
      case FLOAT16 -> List.of(FLOAT16);
      case BFLOAT16 -> onCpu ? List.of(BFLOAT16_PACKED, BFLOAT16) : List.of(BFLOAT16);
      case FLOAT32 -> {
        if (!onCpu) {
          yield List.of(CUBLAS);
        }
        yield passes.kernels() == Kernels.PLAIN ? List.of(MKL) : List.of(ONEDNN, ONEDNN_PACKED);
      }
    };
  }
}
