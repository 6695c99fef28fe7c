package rto.tensor;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import java.util.Map;

/**
 * libtorch in this process: loaded once, with a fixed number of intra-op threads.
 *
 * <p>The thread count is part of the determinism contract: another count may round differently.
 * Small models are fastest with one, and use further cores through several compute threads.
 *
 * <p>Settings that the OpenMP runtime, MKL and cuBLAS read when they are loaded are put into the
 * process's environment first, unless the user has set them:
 *
 * <ul>
 *   <li>{@code GOMP_SPINCOUNT=1000}: a barrier that spins long stalls every other process on the
 *       machine's cores
 *   <li>{@code MKL_DYNAMIC=FALSE}: MKL must not choose its own thread count
 *   <li>{@code THP_MEM_ALLOC_ENABLE=1}: tensors of 2 MiB and more lie in huge pages where Linux
 *       gives them on request; weights are then read up to twice as fast
 *   <li>{@code CUBLAS_WORKSPACE_CONFIG=:4096:8}: with memory of its own for each thread a GPU's
 *       matrix product is the same whenever it is asked for
 * </ul>
 */
public final class Torch {

  /** System property that sets the number of intra-op threads; 1 if absent. */
  public static final String THREADS = "rto.torch.threads";

  private static volatile boolean loaded;

  private Torch() {}

  /** Returns a new scope on this thread's device; closing it frees every tensor made in it. */
  public static NDManager newScope() {
    return Loaded.ENGINE.newBaseManager(ComputeDevice.current().djl());
  }

  static Engine engine() {
    return Loaded.ENGINE;
  }

  /** Returns the number of intra-op threads of this process. */
  public static int threads() {
    return Integer.getInteger(THREADS, 1);
  }

  /**
   * Counts the arrays of all scopes that are open; what libtorch keeps by itself is not among them.
   * None while nobody has used libtorch, which is not loaded for that.
   */
  public static int openArrays() {
    if (!loaded) {
      return 0;
    }
    try (NDManager scope = newScope()) {
      return scope.getParentManager().getManagedArrays().size(); // that of all scopes
    }
  }

  /**
   * Returns when this thread's device has done all that it was told to: a GPU works behind the
   * thread that tells it. For whoever reads a clock.
   */
  public static void awaitDevice() {
    if (!ComputeDevice.current().isCpu()) {
      try (NDManager scope = newScope();
          NDArray last = scope.zeros(new Shape(1))) {
        last.toFloatArray();
      }
    }
  }

  /** Returns libtorch's version. */
  public static String version() {
    return Loaded.ENGINE.getVersion();
  }

  /** Keeps DJL from downloading anything and from counting its users; before its first use. */
  public static void stayOffline() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
  }

  /** Must be called on every thread that computes: libtorch keeps these settings per thread. */
  static void prepareThread() {
    // The profiling executor would rewrite a graph after its first calls and could round otherwise
    // in a resumed process than in the one that has run for long.
    Loaded.touch();
    JniUtils.setGraphExecutorOptimize(false);
  }

  /** Holds the engine: the class loader makes loading happen once. */
  private static final class Loaded {
    static final Engine ENGINE = load();

    static void touch() {}

    private static Engine load() {
      stayOffline();
      String threads = Integer.toString(threads());
      setEnvironment(
          Map.of(
              "OMP_NUM_THREADS",
              threads,
              "MKL_NUM_THREADS",
              threads,
              "MKL_DYNAMIC",
              "FALSE",
              "GOMP_SPINCOUNT",
              "1000",
              "THP_MEM_ALLOC_ENABLE",
              "1",
              "CUBLAS_WORKSPACE_CONFIG",
              ":4096:8"));
      CudaRuntime.announce();
      Engine engine = Engine.getEngine("PyTorch");
      JniUtils.setNumThreads(threads());
      detectProcessorOnOneThread(engine);
      loaded = true;
      return engine;
    }

    /**
     * MKL's vector functions (exp, cos, ..) find out at their first call which processor they run
     * on, and a second thread that calls one at that moment may be given a less exact kernel, for
     * this one call: about one process in 150 with two threads. Here nobody else computes yet.
     */
    private static void detectProcessorOnOneThread(Engine engine) {
      try (NDManager scope = engine.newBaseManager(ComputeDevice.CPU.djl());
          NDArray numbers = scope.ones(new Shape(8, 8))) {
        numbers.exp();
        numbers.matMul(numbers);
      }
    }
  }

  private static void setEnvironment(Map<String, String> variables) {
    if (Platform.isWindows()) {
      return; // libtorch for Windows reads neither libgomp's nor glibc's variables
    }
    LibC libc = Native.load("c", LibC.class);
    variables.forEach((name, value) -> libc.setenv(name, value, 0));
  }

  /** The one function of the C library that Java lacks. */
  private interface LibC extends Library {
    int setenv(String name, String value, int overwrite);
  }
}
