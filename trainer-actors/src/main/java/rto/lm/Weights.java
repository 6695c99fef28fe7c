package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import rto.protocol.Require;
import rto.tensor.Script;
import rto.tensor.Torch;

/**
 * The tensors of one model, named and ordered as {@link DecoderConfig#tensors} says, or of one
 * adapter, as {@link Adapter#tensors} says. Owns its native memory, alone or with those that {@link
 * #shared} made: whoever makes one closes it, and the last one closed frees the memory.
 */
public final class Weights implements AutoCloseable {

  private static final Script ROUNDING =
      Script.compile(
          """
            def rounded(self, w: List[Tensor], dtype: int) -> List[Tensor]:
              return [x.to(dtype=dtype) for x in w]

            def round_into(self, w: List[Tensor], into: List[Tensor]) -> Tensor:
              torch._foreach_copy_(into, w)
              return into[0]
          """,
          Map.of());

  private static final int PART = 1 << 20;

  private final NDManager scope;
  private final AtomicInteger owners;
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<String> names;
  private final NDList tensors;

  private Weights(NDManager scope, List<String> names, NDList tensors) {
    this(scope, new AtomicInteger(), names, tensors);
  }

  private Weights(NDManager scope, AtomicInteger owners, List<String> names, NDList tensors) {
    owners.incrementAndGet();
    this.scope = scope;
    this.owners = owners;
    this.names = List.copyOf(names);
    this.tensors = tensors;
  }

  /** Makes the tensor of a name inside the scope that will own it. */
  @FunctionalInterface
  public interface Source {
    NDArray create(String name, long[] shape, NDManager scope);
  }

  /** Takes every tensor of {@code config} from {@code source}, copied into libtorch's memory. */
  public static Weights from(DecoderConfig config, Source source) {
    return from(config.tensors(), source);
  }

  /** Takes tensors of these names and shapes from {@code source}, in order, as above. */
  public static Weights from(Map<String, long[]> shapes, Source source) {
    NDManager scope = Torch.newScope();
    List<String> names = new ArrayList<>();
    NDList tensors = new NDList();
    shapes.forEach(
        (name, shape) -> {
          try (NDArray given = source.create(name, shape, scope)) {
            // Copied: memory that Java allocated is aligned to 16 bytes only, and the kernels'
            // rounding may depend on alignment.
            names.add(name);
            tensors.add(given.duplicate());
          }
        });
    return new Weights(scope, names, tensors);
  }

  /** Takes every tensor as {@code source} makes it, which must be in libtorch's own memory. */
  public static Weights of(Map<String, long[]> shapes, Source source) {
    NDManager scope = Torch.newScope();
    NDList tensors = new NDList();
    try {
      shapes.forEach((name, shape) -> tensors.add(source.create(name, shape, scope)));
    } catch (RuntimeException e) {
      scope.close();
      throw e;
    }
    return new Weights(scope, List.copyOf(shapes.keySet()), tensors);
  }

  /**
   * Random weights: normal with standard deviation √(2/5D) (small init; Nguyen and Salazar,
   * arXiv:1910.05895), projections back into the residual stream smaller by √(2·layers), norms 1,
   * biases 0. A pure function of the seed.
   */
  public static Weights random(DecoderConfig config, long seed) {
    double std = Math.sqrt(0.4 / config.hiddenSize());
    double residual = std / Math.sqrt(2.0 * config.layers());
    return from(
        config,
        (name, shape, scope) -> {
          boolean intoResidual =
              name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
          float[] values =
              shape.length == 1
                  ? filled(shape[0], name.endsWith(".bias") ? 0 : 1)
                  : normal(
                      new Random(seed * 31 + name.hashCode()),
                      Math.toIntExact(shape[0] * shape[1]),
                      intoResidual ? residual : std);
          return scope.create(values, new Shape(shape));
        });
  }

  /** All zero, in the shapes of these weights: an optimizer's first moments. */
  public Weights zeros() {
    NDManager other = Torch.newScope();
    NDList list = new NDList();
    tensors.forEach(t -> list.add(other.zeros(t.getShape(), t.getDataType())));
    return new Weights(other, names, list);
  }

  /** A copy with memory of its own. */
  public Weights copy() {
    NDManager other = Torch.newScope();
    NDList list = new NDList();
    for (NDArray tensor : tensors) {
      NDArray copied = tensor.duplicate();
      copied.attach(other);
      list.add(copied);
    }
    return new Weights(other, names, list);
  }

  /**
   * The tensors of these names, in this order, in the same memory: one more owner of it.
   *
   * @throws IllegalArgumentException naming a tensor that is not here
   */
  public Weights shared(List<String> some) {
    NDList list = new NDList();
    some.forEach(name -> list.add(get(name)));
    return new Weights(scope, owners, some, list);
  }

  /** These tensors and a copy of one more: one more owner of them all. */
  Weights and(String name, NDArray more) {
    List<String> all = new ArrayList<>(names);
    all.add(name);
    NDList list = new NDList(tensors);
    list.add(attached(more.duplicate(), scope));
    return new Weights(scope, owners, all, list);
  }

  /** These numbers rounded to others, in memory of their own. */
  Weights in(ComputeType type) {
    NDManager other = Torch.newScope();
    return new Weights(other, names, ROUNDING.train(other, "rounded", tensors, type.code()));
  }

  /** Rounds these numbers into {@code rounded}, which {@link #in} made. */
  void roundInto(Weights rounded) {
    try (NDManager local = Torch.newScope()) {
      ROUNDING.run(local, "round_into", tensors, rounded.tensors);
    }
  }

  /** The tensors in the scripts' order; not to be closed by the caller. */
  public NDList tensors() {
    return tensors;
  }

  public List<String> names() {
    return names;
  }

  /** Name to shape, in order. */
  public Map<String, long[]> shapes() {
    Map<String, long[]> shapes = new LinkedHashMap<>();
    byName().forEach((name, tensor) -> shapes.put(name, tensor.getShape().getShape()));
    return shapes;
  }

  /** The tensor of this name. */
  public NDArray get(String name) {
    int at = names.indexOf(name);
    Require.that(at >= 0, "tensor: %s (expected: one of %s)", name, names);
    return tensors.get(at);
  }

  /** Name to tensor, in order. */
  public Map<String, NDArray> byName() {
    Map<String, NDArray> map = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      map.put(names.get(i), tensors.get(i));
    }
    return map;
  }

  /** The same decoder with a scalar head that says 0 everywhere: a fresh reward model. */
  public Weights withScalarHead(DecoderConfig scalarConfig) {
    Map<String, NDArray> known = new HashMap<>(byName());
    return from(
        scalarConfig,
        (name, shape, scope) ->
            known.containsKey(name)
                ? attached(known.get(name).duplicate(), scope)
                : scope.zeros(new Shape(shape)));
  }

  /**
   * Refuses numbers that would be changed, written or digested as others: DJL calls bfloat16
   * unknown, and says that it has no bytes.
   *
   * @return this
   * @throws IllegalArgumentException naming a tensor that is not float32
   */
  public Weights requireFloat32() {
    byName()
        .forEach(
            (name, tensor) ->
                Require.that(
                    tensor.getDataType() == DataType.FLOAT32,
                    "tensor %s: %s (expected: float32, where weights are changed, written or"
                        + " digested)",
                    name,
                    tensor.getDataType().name().toLowerCase(Locale.ROOT)));
    return this;
  }

  /**
   * Adds names and values of all tensors to a digest.
   *
   * @throws IllegalArgumentException as {@link #requireFloat32}
   */
  public void digest(MessageDigest digest) {
    requireFloat32();
    for (int i = 0; i < names.size(); i++) {
      digest.update(names.get(i).getBytes(StandardCharsets.UTF_8));
      update(digest, tensors.get(i));
    }
  }

  private static void update(MessageDigest digest, NDArray tensor) {
    ByteBuffer part = ByteBuffer.allocate(PART);
    long length = tensor.size() * tensor.getDataType().getNumOfBytes();
    for (long at = 0; at < length; at += part.limit()) {
      part.clear().limit((int) Math.min(PART, length - at));
      read(tensor, at, part);
      digest.update(part.flip());
    }
  }

  /** Fills {@code into} with a tensor's bytes from {@code from} on, as {@link #bytes} has them. */
  public static void read(NDArray tensor, long from, ByteBuffer into) {
    int width = tensor.getDataType().getNumOfBytes();
    long first = from / width;
    try (NDManager local = Torch.newScope();
        NDArray flat = tensor.reshape(new Shape(tensor.size()));
        NDArray part = flat.get(new NDIndex("{}:{}", first, first + into.remaining() / width))) {
      // Of a tensor on a GPU DJL makes a copy, in the scope of what is copied.
      part.attach(local);
      into.put(part.toByteBuffer(true));
    }
  }

  /** A tensor's values, row by row, little-endian: its own memory, to be read while it is open. */
  public static ByteBuffer bytes(NDArray tensor) {
    return tensor.toByteBuffer(true).order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true) && owners.decrementAndGet() == 0) {
      scope.close();
    }
  }

  private static NDArray attached(NDArray array, NDManager scope) {
    array.attach(scope);
    return array;
  }

  private static float[] filled(long n, float value) {
    float[] values = new float[Math.toIntExact(n)];
    Arrays.fill(values, value);
    return values;
  }

  private static float[] normal(Random random, int n, double std) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) (std * random.nextGaussian());
    }
    return values;
  }
}
