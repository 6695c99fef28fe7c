package rto.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Cuts batches into micro-batches. */
final class Batching {

  private Batching() {}

  /**
   * Cuts a list into parts of at most {@code size}, items of like length together, so that little
   * padding is computed. Items of equal length keep their order.
   */
  static <T> List<List<T>> byLength(List<T> items, ToIntFunction<T> length, int size) {
    List<T> sorted = new ArrayList<>(items);
    sorted.sort((a, b) -> Integer.compare(length.applyAsInt(a), length.applyAsInt(b)));
    return inOrder(sorted, size);
  }

  /** Cuts a list into parts of at most {@code size}. */
  static <T> List<List<T>> inOrder(List<T> items, int size) {
    List<List<T>> parts = new ArrayList<>();
    for (int from = 0; from < items.size(); from += size) {
      parts.add(items.subList(from, Math.min(items.size(), from + size)));
    }
    return parts;
  }

  /** One array after the other. */
  static float[] concatenated(List<float[]> arrays) {
    float[] all = new float[arrays.stream().mapToInt(a -> a.length).sum()];
    int at = 0;
    for (float[] array : arrays) {
      System.arraycopy(array, 0, all, at, array.length);
      at += array.length;
    }
    return all;
  }
}
