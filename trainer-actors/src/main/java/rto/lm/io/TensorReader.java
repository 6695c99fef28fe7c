package rto.lm.io;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.stream.LongStream;
import rto.tensor.Script;

/** Values of files into tensors, converted by libtorch, a few megabytes at a time. */
final class TensorReader {

  /**
   * bfloat16 arrives as bytes, and is made here: DJL 0.35.1 ends the whole process when it is asked
   * for an array of that type.
   */
  private static final String METHODS =
      """
        def put(self, out: Tensor, values: Tensor, at: int) -> Tensor:
          part = torch.slice(out.view(-1), 0, at, at + torch.size(values, 0))
          return part.copy_(values)
        def put_bfloat16(self, out: Tensor, raw: Tensor, at: int) -> Tensor:
          return self.put(out, torch.view_copy(raw, dtype=15), at)
        def empty_bfloat16(self, shape: Tensor) -> Tensor:
          return torch.empty_like(shape, dtype=15)
      """;

  private TensorReader() {}

  /** Compiled at the first use. */
  private static final class Compiled {
    static final Script SCRIPT = Script.compile(METHODS, Map.of());
  }

  /** The tensor in libtorch's own memory, rounded to {@code type}. */
  static NDArray read(Safetensors.Tensor stored, Safetensors.Type type, NDManager scope) {
    NDArray tensor = empty(new Shape(stored.shape()), type, scope);
    if (stored.type() == type && isFilledInPlace(stored, scope.getDevice())) {
      stored.values().read(0, tensor.toByteBuffer(true));
    } else {
      convert(stored, tensor);
    }
    return tensor;
  }

  /**
   * Whether what needs no conversion is put right into the tensor's memory: one buffer must reach
   * so far, and it must be the tensor's own. Of a tensor on a GPU DJL hands out a copy.
   */
  static boolean isFilledInPlace(Safetensors.Tensor stored, Device device) {
    return device.equals(Device.cpu()) && stored.bytes() > 0 && stored.bytes() <= Integer.MAX_VALUE;
  }

  /** On all cores: most of the time goes into memory that is touched for the first time. */
  private static void convert(Safetensors.Tensor stored, NDArray tensor) {
    long parts = (stored.bytes() + Safetensors.PART - 1) / Safetensors.PART;
    LongStream.range(0, parts)
        .parallel()
        .forEach(i -> convert(stored, tensor, i * Safetensors.PART));
  }

  private static void convert(Safetensors.Tensor stored, NDArray tensor, long from) {
    int length = (int) Math.min(Safetensors.PART, stored.bytes() - from);
    try {
      stored.part(from, length, (at, bytes) -> put(tensor, stored.type(), at, bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Made where gradients are recorded: what inference mode makes can never be trained. */
  private static NDArray empty(Shape shape, Safetensors.Type type, NDManager scope) {
    if (type != Safetensors.Type.BF16) {
      return scope.create(shape, dataType(type));
    }
    try (NDArray like = scope.create(shape, DataType.UINT8)) {
      return Compiled.SCRIPT.train(scope, "empty_bfloat16", like).singletonOrThrow();
    }
  }

  private static DataType dataType(Safetensors.Type type) {
    return switch (type) {
      case F64 -> DataType.FLOAT64;
      case F32 -> DataType.FLOAT32;
      case F16 -> DataType.FLOAT16;
      case BF16 -> DataType.UINT8;
    };
  }

  private static void put(NDArray tensor, Safetensors.Type type, long from, ByteBuffer bytes) {
    boolean raw = type == Safetensors.Type.BF16;
    Shape shape = new Shape(raw ? bytes.remaining() : bytes.remaining() / type.bytes);
    try (NDManager scope = tensor.getManager().newSubManager()) {
      NDArray part = scope.create(bytes, shape, dataType(type));
      Compiled.SCRIPT.apply(raw ? "put_bfloat16" : "put", tensor, part, from / type.bytes);
    }
  }

  /** Whether two tensors of one type and length have the same bytes. */
  static boolean areEqual(Safetensors.Tensor a, Safetensors.Tensor b) {
    boolean[] equal = {a.bytes() == b.bytes()};
    try {
      if (equal[0]) {
        a.forEachPart(
            (from, bytes) -> {
              ByteBuffer other = ByteBuffer.allocate(bytes.remaining());
              b.values().read(from, other);
              equal[0] &= other.flip().equals(bytes);
            });
      }
      return equal[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
