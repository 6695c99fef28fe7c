package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import rto.protocol.Diverged;
import rto.protocol.Require;
import rto.protocol.Sampling;
import rto.tensor.Torch;

/**
 * Samples responses with a preallocated key-value cache.
 *
 * <p>Prompts of different lengths share a batch, padded on the left; a finished response leaves the
 * batch as soon as a quarter of it is finished, so that it stops costing time. Which token is
 * chosen depends on the weights, the prompt and the numbers that {@link Uniforms} gives for it, not
 * on who computes it: batches are cut in the order given, always alike.
 */
public final class TextGenerator {

  /** The random number in [0, 1) that chooses a response's token at a position, both from 0. */
  @FunctionalInterface
  public interface Uniforms {
    double at(int request, int position);
  }

  /**
   * One response.
   *
   * @param tokens [H], the end token included if there is one
   * @param logProbs [H], under exactly the sampling distribution
   * @param truncated ended by the length limit, not by the end token
   */
  public record Response(int[] tokens, float[] logProbs, boolean truncated) {}

  private final Decoder decoder;
  private final int batch;
  private final IntConsumer stepRows;

  /** Runs at most {@code batch} sequences at once; part of the determinism contract. */
  public TextGenerator(Decoder decoder, int batch) {
    this(decoder, batch, rows -> {});
  }

  /**
   * @param stepRows told before each step how many rows go through the model
   */
  TextGenerator(Decoder decoder, int batch, IntConsumer stepRows) {
    Require.that(batch > 0, "generation batch: %s (expected: > 0)", batch);
    this.decoder = decoder;
    this.batch = batch;
    this.stepRows = stepRows;
  }

  /** As below, with one token that ends a response. */
  public List<Response> generate(
      List<int[]> prompts, Sampling sampling, int endToken, Uniforms uniforms) {
    return generate(prompts, sampling, Set.of(endToken), uniforms);
  }

  /**
   * Returns one response per prompt, in order.
   *
   * @param endTokens any of them ends a response
   * @param prompts each at least one token, and short enough for {@code maxNewTokens} more
   * @throws IllegalArgumentException if the model has no language head, or naming the first prompt
   *     that it cannot read; nothing is generated then
   * @throws Diverged if the model's logits are not numbers
   */
  public List<Response> generate(
      List<int[]> prompts, Sampling sampling, Set<Integer> endTokens, Uniforms uniforms) {
    Require.that(
        decoder.config().head() instanceof Head.Language,
        "model: a reward model or critic, %s (expected: a language model)",
        decoder.config().head());
    for (int i = 0; i < prompts.size(); i++) {
      requirePrompt(i, prompts.get(i), sampling.maxNewTokens());
    }
    List<Response> responses = new ArrayList<>(prompts.size());
    for (int from = 0; from < prompts.size(); from += batch) {
      List<int[]> some = prompts.subList(from, Math.min(prompts.size(), from + batch));
      int first = from;
      Uniforms shifted = (request, position) -> uniforms.at(first + request, position);
      responses.addAll(new Run(some, sampling, endTokens, shifted).finish());
    }
    return responses;
  }

  private void requirePrompt(int i, int[] prompt, int newTokens) {
    int most = decoder.config().maxPositions() - newTokens;
    Require.that(
        prompt.length > 0 && prompt.length <= most,
        "prompt %s: %s tokens (expected: in 1..%s, max_position_embeddings less %s new tokens)",
        i,
        prompt.length,
        most,
        newTokens);
    decoder.requireTokens(prompt);
  }

  /** One batch on its way. */
  private final class Run {
    private final Sampling sampling;
    private final Set<Integer> endTokens;
    private final Uniforms uniforms;
    private final int width;
    private final int[][] tokens;
    private final float[][] logProbs;
    private final int[] lengths;
    private final long[] pads;
    private final NDArray promptTokens;
    private final NDManager scope = Torch.newScope();

    private int[] rows; // which request sits in each row of the batch
    private NDList cache;
    private NDArray padding;
    private NDArray last;

    Run(List<int[]> prompts, Sampling sampling, Set<Integer> endTokens, Uniforms uniforms) {
      this.sampling = sampling;
      this.endTokens = endTokens;
      this.uniforms = uniforms;
      int n = prompts.size();
      width = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
      tokens = new int[n][sampling.maxNewTokens()];
      logProbs = new float[n][sampling.maxNewTokens()];
      lengths = new int[n];
      pads = new long[n];
      rows = IntStream.range(0, n).toArray();
      promptTokens = leftPadded(prompts);
      padding = scope.create(pads);
      cache = emptyCache(n, width + sampling.maxNewTokens(), decoder.config());
    }

    List<Response> finish() {
      try (scope) {
        step(0);
        for (int h = 1; h < sampling.maxNewTokens() && dropFinished(); h++) {
          step(h);
        }
        return IntStream.range(0, tokens.length).mapToObj(this::response).toList();
      }
    }

    /** Samples the response token at position h for every row. */
    private void step(int h) {
      stepRows.accept(rows.length);
      try (NDManager local = scope.newSubManager()) {
        NDArray u = local.create(numbers(h));
        NDList next = h == 0 ? first(u, local) : next(h, u, local);
        record(h, next.get(0).toLongArray(), next.get(1).toFloatArray());
        NDArray previous = last;
        last = next.get(0);
        last.attach(scope);
        if (previous != null) {
          previous.close();
        }
      }
    }

    private NDList first(NDArray u, NDManager local) {
      return decoder
          .script()
          .run(
              local,
              "first",
              promptTokens,
              padding,
              u,
              sampling.temperature(),
              (long) sampling.topK().orElse(0),
              sampling.topP().orElse(1),
              cache,
              decoder.tensors());
    }

    private NDList next(int h, NDArray u, NDManager local) {
      return decoder
          .script()
          .run(
              local,
              "next",
              last,
              padding,
              (long) (width + h - 1),
              u,
              sampling.temperature(),
              (long) sampling.topK().orElse(0),
              sampling.topP().orElse(1),
              cache,
              decoder.tensors());
    }

    private double[] numbers(int h) {
      return Arrays.stream(rows).mapToDouble(r -> finished(r) ? 0 : uniforms.at(r, h)).toArray();
    }

    private void record(int h, long[] chosen, float[] logP) {
      for (int row = 0; row < rows.length; row++) {
        int r = rows[row];
        if (!finished(r)) {
          Diverged.unlessFinite(
              logP[row],
              "log-prob of token %s of response %s in its batch: %s (expected: a number; do the"
                  + " weights hold NaN?)",
              h,
              r,
              logP[row]);
          tokens[r][h] = (int) chosen[row];
          logProbs[r][h] = logP[row];
          lengths[r] = h + 1;
        }
      }
    }

    private boolean finished(int r) {
      return lengths[r] > 0 && endTokens.contains(tokens[r][lengths[r] - 1]);
    }

    /** Shrinks the batch if a quarter of it is finished; tells whether anything is left to do. */
    private boolean dropFinished() {
      int[] open = IntStream.range(0, rows.length).filter(row -> !finished(rows[row])).toArray();
      if (open.length > 0 && open.length <= rows.length * 3 / 4) {
        keep(open);
      }
      return open.length > 0;
    }

    private void keep(int[] open) {
      NDList state = new NDList(cache);
      state.add(padding);
      state.add(last);
      try (NDManager local = scope.newSubManager()) {
        NDArray index = local.create(Arrays.stream(open).asLongStream().toArray());
        NDList kept = decoder.script().run(scope, "keep", index, state);
        state.forEach(NDArray::close);
        cache = new NDList(kept.subList(0, cache.size()));
        padding = kept.get(kept.size() - 2);
        last = kept.get(kept.size() - 1);
      }
      rows = Arrays.stream(open).map(row -> rows[row]).toArray();
    }

    private Response response(int r) {
      return new Response(
          Arrays.copyOf(tokens[r], lengths[r]),
          Arrays.copyOf(logProbs[r], lengths[r]),
          !finished(r));
    }

    private NDArray leftPadded(List<int[]> prompts) {
      long[] padded = new long[prompts.size() * width];
      for (int r = 0; r < prompts.size(); r++) {
        int[] prompt = prompts.get(r);
        pads[r] = width - prompt.length;
        for (int t = 0; t < prompt.length; t++) {
          padded[r * width + (int) pads[r] + t] = prompt[t];
        }
      }
      return scope.create(padded, new Shape(prompts.size(), width));
    }

    private NDList emptyCache(int n, int columns, DecoderConfig config) {
      NDList list = new NDList();
      Shape shape = new Shape(n, config.kvHeads(), columns, config.headSize());
      for (int i = 0; i < 2 * config.layers(); i++) {
        list.add(scope.zeros(shape, DataType.FLOAT32));
      }
      return list;
    }
  }
}
