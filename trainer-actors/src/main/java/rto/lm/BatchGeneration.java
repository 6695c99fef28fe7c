package rto.lm;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import rto.lm.TextGenerator.Response;
import rto.protocol.Sampling;
import rto.tensor.Script;
import rto.tensor.TensorList;
import rto.tensor.Torch;

/**
 * Batches cut in the order given, always alike, prompts padded on the left. A finished response
 * leaves its batch as soon as a quarter of it is finished, so that it stops costing time.
 */
final class BatchGeneration implements Generation {

  /** Of a call into libtorch at most: what has ended meanwhile is computed until it returns. */
  private static final int STEPS = 32;

  /** Hidden sizes that a copy of some matrices, which saves products, is small for. */
  private static final int JOINED_AT_MOST = 256;

  /** Matrices of fewer rows may be multiplied by another kernel than those joined. */
  private static final int JOINED_ROWS = 16;

  private static final int JOINED_AT_LEAST = 48;
  private static final int MULTIPLE = 4;

  private final DecoderConfig config;
  private final Script script;
  private final TensorList weights;
  private final TensorList joined;
  private final int batch;
  private final IntConsumer stepRows;

  BatchGeneration(Decoder decoder, int batch, IntConsumer stepRows) {
    this.config = decoder.config();
    this.script = Scripts.batches(config, decoder.adapter().map(Adapter::lora));
    this.weights = TensorList.of(decoder.tensors());
    this.joined = joins(decoder) ? script.hold("joined", weights) : TensorList.of(new NDList());
    this.batch = batch;
    this.stepRows = stepRows;
  }

  /** Whether joined matrices are multiplied with the same result to the bit, and nobody shares. */
  private static boolean joins(Decoder decoder) {
    DecoderConfig config = decoder.config();
    int keys = config.kvHeads() * config.headSize();
    int inner = config.feedForwardSize();
    return !decoder.shares()
        && config.hiddenSize() >= JOINED_AT_LEAST
        && config.hiddenSize() <= JOINED_AT_MOST
        && Math.min(keys, inner) >= JOINED_ROWS
        && keys % MULTIPLE == 0
        && inner % MULTIPLE == 0;
  }

  @Override
  public List<Response> responses(Request request) {
    int n = request.prompts().size();
    List<Response> responses = new ArrayList<>(n);
    for (int from = 0; from < n; from += batch) {
      try (Run run = new Run(request, from, Math.min(n, from + batch))) {
        responses.addAll(run.finish());
      }
    }
    return responses;
  }

  @Override
  public void close() {
    weights.close();
    joined.close();
  }

  /** One batch on its way: the prompts from {@code from} to before {@code to}. */
  private final class Run implements AutoCloseable {
    private final Request request;
    private final Sampling sampling;
    private final int width;
    private final List<Transcript> all;
    private final NDArray promptTokens;
    private final NDArray ends;
    private final NDManager scope = Torch.newScope();

    private List<Transcript> rows; // which response sits in each row of the batch
    private TensorList cache;
    private long[] padding;
    private long[] last;

    Run(Request request, int from, int to) {
      this.request = request;
      this.sampling = request.sampling();
      List<int[]> prompts = request.prompts().subList(from, to);
      width = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
      all = IntStream.range(from, to).mapToObj(i -> new Transcript(i, request)).toList();
      rows = all;
      promptTokens = leftPadded(prompts);
      padding = prompts.stream().mapToLong(p -> width - p.length).toArray();
      ends = scope.create(request.endTokens().stream().mapToLong(token -> token).toArray());
      cache =
          script.hold(
              "opened", (long) prompts.size(), (long) (width + request.maxNewTokens()), weights);
    }

    List<Response> finish() {
      int h = 1;
      first();
      while (h < sampling.maxNewTokens() && dropFinished()) {
        h += next(h);
      }
      return all.stream().map(Transcript::response).toList();
    }

    /** Reads the prompts and samples the first response token of every row. */
    private void first() {
      try (NDManager local = scope.newSubManager()) {
        record(
            script.run(
                local,
                "first",
                promptTokens,
                local.create(padding),
                numbers(0, 1, local).reshape(rows.size()),
                sampling.temperature(),
                (long) sampling.topK().orElse(0),
                sampling.topP().orElse(1),
                cache,
                weights));
      }
    }

    /** Samples some response tokens from position h on for every row; returns how many. */
    private int next(int h) {
      try (NDManager local = scope.newSubManager()) {
        return record(
            script.run(
                local,
                "steps",
                local.create(last),
                local.create(padding),
                Arrays.stream(padding).max().orElseThrow(),
                (long) (width + h - 1),
                numbers(h, Math.min(STEPS, sampling.maxNewTokens() - h), local),
                local.create(rows.stream().mapToLong(row -> row.ended() ? 1 : 0).toArray()),
                ends,
                (long) mostThatShrink(),
                sampling.temperature(),
                (long) sampling.topK().orElse(0),
                sampling.topP().orElse(1),
                cache,
                weights,
                joined));
      }
    }

    /** The numbers that choose so many tokens of each row from position h on, [steps, rows]. */
    private NDArray numbers(int h, int steps, NDManager local) {
      double[] u = new double[steps * rows.size()];
      for (int i = 0; i < u.length; i++) {
        Transcript row = rows.get(i % rows.size());
        u[i] = row.ended() ? 0 : request.uniforms().at(row.request(), h + i / rows.size());
      }
      return local.create(u, new Shape(steps, rows.size()));
    }

    /** Takes up tokens and log-probabilities, step by step; returns the steps. */
    private int record(NDList stepped) {
      long[] tokens = stepped.get(0).toLongArray();
      float[] logP = stepped.get(1).toFloatArray();
      int n = rows.size();
      for (int i = 0; i < tokens.length; i++) {
        if (i % n == 0) {
          stepRows.accept(n);
        }
        if (!rows.get(i % n).ended()) {
          rows.get(i % n).add(tokens[i], logP[i]);
        }
      }
      last = Arrays.copyOfRange(tokens, tokens.length - n, tokens.length);
      return tokens.length / n;
    }

    /** With no more rows than these left to do, the batch shrinks. */
    private int mostThatShrink() {
      return rows.size() * 3 / 4;
    }

    /** Shrinks the batch if a quarter of it is finished; tells whether anything is left to do. */
    private boolean dropFinished() {
      int[] open = IntStream.range(0, rows.size()).filter(row -> !rows.get(row).ended()).toArray();
      if (open.length > 0 && open.length <= mostThatShrink()) {
        keep(open);
      }
      return open.length > 0;
    }

    private void keep(int[] open) {
      try (NDManager local = scope.newSubManager()) {
        NDArray index = local.create(Arrays.stream(open).asLongStream().toArray());
        TensorList wide = cache;
        cache = script.hold("keep", index, wide);
        wide.close();
      }
      padding = Arrays.stream(open).mapToLong(row -> padding[row]).toArray();
      last = Arrays.stream(open).mapToLong(row -> last[row]).toArray();
      rows = Arrays.stream(open).mapToObj(rows::get).toList();
    }

    private NDArray leftPadded(List<int[]> prompts) {
      long[] padded = new long[prompts.size() * width];
      for (int r = 0; r < prompts.size(); r++) {
        int[] prompt = prompts.get(r);
        int first = (r + 1) * width - prompt.length;
        for (int t = 0; t < prompt.length; t++) {
          padded[first + t] = prompt[t];
        }
      }
      return scope.create(padded, new Shape(prompts.size(), width));
    }

    @Override
    public void close() {
      cache.close();
      scope.close();
    }
  }
}
