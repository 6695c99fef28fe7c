package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import rto.tensor.Script;
import rto.tensor.TensorList;
import rto.tensor.Torch;

/**
 * The prompts that wait for a slot, in order. Some go through the model ahead, together; those that
 * are alike and stand next to each other go through once. The last token of a prompt is left to the
 * first step of its sequence.
 */
final class PromptQueue implements AutoCloseable {

  /** How many tokens go through the model together: enough for full speed. */
  private static final int TOGETHER = 1024;

  private final Script script;
  private final TensorList weights;
  private final TensorList cache;
  private final List<int[]> prompts;
  private int next;

  // What is prefilled: the prompts before `end`, each beginning at its place.
  private int end;
  private int[] places;
  private int begin;
  private TensorList filled;

  PromptQueue(Script script, TensorList weights, TensorList cache, List<int[]> prompts) {
    this.script = script;
    this.weights = weights;
    this.cache = cache;
    this.prompts = prompts;
  }

  boolean hasNext() {
    return next < prompts.size();
  }

  /** Puts the next prompt, but for its last token, into a slot of the cache; returns its index. */
  int admit(int slot) {
    if (next == end) {
      prefill();
    }
    long length = prompts.get(next).length - 1;
    if (length > 0) {
      script.apply("admit", (long) slot, (long) places[next - begin], length, filled, cache);
    }
    return next++;
  }

  private void prefill() {
    close();
    begin = next;
    List<int[]> different = new ArrayList<>();
    List<Integer> at = new ArrayList<>();
    int tokens = 0;
    for (end = begin; end < prompts.size() && (tokens < TOGETHER || repeated(end)); end++) {
      int[] prompt = prompts.get(end);
      if (end == begin || !repeated(end)) {
        different.add(prompt);
        tokens += prompt.length - 1;
      }
      at.add(tokens - (prompt.length - 1));
    }
    places = at.stream().mapToInt(place -> place).toArray();
    if (tokens > 0) {
      filled = prefilled(different, tokens);
    }
  }

  private boolean repeated(int i) {
    return i > 0 && Arrays.equals(prompts.get(i), prompts.get(i - 1));
  }

  private TensorList prefilled(List<int[]> different, int n) {
    long[] numbers = new long[2 * n];
    int at = 0;
    for (int[] prompt : different) {
      for (int position = 0; position < prompt.length - 1; position++) {
        numbers[at] = prompt[position];
        numbers[n + at] = position;
        at++;
      }
    }
    long[] lengths =
        different.stream().mapToLong(p -> p.length - 1).filter(length -> length > 0).toArray();
    try (NDManager scope = Torch.newScope();
        NDArray both = scope.create(numbers, new Shape(2, n))) {
      return script.hold("prefilled", both, lengths, cache, weights);
    }
  }

  @Override
  public void close() {
    if (filled != null) {
      filled.close();
      filled = null;
    }
  }
}
