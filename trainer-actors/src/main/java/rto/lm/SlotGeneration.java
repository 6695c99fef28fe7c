package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import rto.lm.TextGenerator.Response;
import rto.protocol.Sampling;
import rto.tensor.Script;
import rto.tensor.TensorList;
import rto.tensor.Torch;

/**
 * Continuous batching. Each sequence sits in a slot with rows of the cache of its own, which begin
 * at column 0. When it has finished, the last sequence moves into its slot and the next prompt is
 * admitted behind the others, so that slots 0..used−1 are in use as long as prompts remain.
 *
 * <p>Where oneDNN multiplies, a sequence's numbers depend on nothing but the sequence: each row of
 * oneDNN's product depends on that row alone; a prompt attends by itself; keys and values are added
 * up column by column, those behind a sequence's end with weight 0; and the columns looked at are a
 * multiple of {@link #COLUMNS}, so that the ends of vectors fall alike.
 *
 * <p>Reading keys and values is what a step takes beside its products. On a CPU they are summed as
 * bags of an embedding, at the rate at which memory is read; a batch of products of one row each
 * took twice as long.
 */
final class SlotGeneration implements Generation {

  /** The script's blocks of keys are as wide. */
  private static final int COLUMNS = 32;

  private final Script script;
  private final TensorList weights;
  private final int slots;
  private final IntConsumer stepRows;

  SlotGeneration(Decoder decoder, int slots, IntConsumer stepRows) {
    this(decoder, slots, stepRows, Scripts.slots(decoder.config()));
  }

  /** The same by one of the scripts that {@link Scripts#slots} has. */
  SlotGeneration(Decoder decoder, int slots, IntConsumer stepRows, Script script) {
    this.script = script;
    this.weights = script.hold("packed", decoder.tensors());
    this.slots = slots;
    this.stepRows = stepRows;
  }

  @Override
  public List<Response> responses(Request request) {
    try (Run run = new Run(request)) {
      return run.finish();
    }
  }

  @Override
  public void close() {
    weights.close();
  }

  /** The columns that a step looks at, if it must look at {@code least}. */
  private static int columns(int least) {
    return (least + COLUMNS - 1) / COLUMNS * COLUMNS;
  }

  /** All prompts of one request on their way. */
  private final class Run implements AutoCloseable {
    private final Request request;
    private final Sampling sampling;
    private final List<Transcript> all;
    private final PromptQueue queue;
    private final TensorList cache;
    private final Transcript[] open;
    private final long[] tokens; // the last of each sequence, not in the cache yet
    private final long[] positions; // of these tokens
    private final NDManager scope = Torch.newScope();
    private int used;

    Run(Request request) {
      this.request = request;
      this.sampling = request.sampling();
      List<int[]> prompts = request.prompts();
      all = IntStream.range(0, prompts.size()).mapToObj(i -> new Transcript(i, request)).toList();
      int most = Math.min(slots, prompts.size());
      open = new Transcript[most];
      tokens = new long[most];
      positions = new long[most];
      int longest = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
      long wide = columns(longest + request.maxNewTokens() - 1);
      cache = script.hold("opened", (long) most, wide, weights);
      queue = new PromptQueue(script, weights, cache, prompts);
    }

    List<Response> finish() {
      while (admit()) {
        step();
        release();
      }
      return all.stream().map(Transcript::response).toList();
    }

    /** Fills the free slots; tells whether any slot is in use. */
    private boolean admit() {
      while (used < open.length && queue.hasNext()) {
        int next = queue.admit(used);
        int[] prompt = request.prompts().get(next);
        open[used] = all.get(next);
        tokens[used] = prompt[prompt.length - 1];
        positions[used] = prompt.length - 1;
        used++;
      }
      return used > 0;
    }

    private void step() {
      stepRows.accept(used);
      try (NDManager local = scope.newSubManager()) {
        NDList next =
            script.run(
                local,
                "step",
                numbers(local),
                uniforms(local),
                (long) columns(longest() + 1),
                sampling.temperature(),
                (long) sampling.topK().orElse(0),
                sampling.topP().orElse(1),
                cache,
                weights);
        record(next.get(0).toLongArray(), next.get(1).toFloatArray());
      }
    }

    private NDArray numbers(NDManager local) {
      long[] both = new long[2 * used];
      System.arraycopy(tokens, 0, both, 0, used);
      System.arraycopy(positions, 0, both, used, used);
      return local.create(both, new Shape(2, used));
    }

    private NDArray uniforms(NDManager local) {
      double[] u = new double[used];
      for (int slot = 0; slot < used; slot++) {
        u[slot] = request.uniforms().at(open[slot].request(), open[slot].length());
      }
      return local.create(u);
    }

    private int longest() {
      long longest = 0;
      for (int slot = 0; slot < used; slot++) {
        longest = Math.max(longest, positions[slot]);
      }
      return (int) longest;
    }

    private void record(long[] chosen, float[] logP) {
      for (int slot = 0; slot < used; slot++) {
        open[slot].add(chosen[slot], logP[slot]);
        tokens[slot] = chosen[slot];
        positions[slot]++;
      }
    }

    /** Takes the finished sequences out; the others move together. */
    private void release() {
      for (int slot = used - 1; slot >= 0; slot--) {
        if (open[slot].finished()) {
          used--;
          if (slot < used) {
            move(used, slot);
          }
        }
      }
    }

    private void move(int from, int to) {
      script.apply("move", (long) from, (long) to, positions[from], cache);
      open[to] = open[from];
      tokens[to] = tokens[from];
      positions[to] = positions[from];
    }

    @Override
    public void close() {
      queue.close();
      cache.close();
      scope.close();
    }
  }
}
