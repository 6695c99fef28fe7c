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

  private final DecoderConfig config;
  private final Script script;
  private final TensorList weights;
  private final int batch;
  private final IntConsumer stepRows;

  BatchGeneration(Decoder decoder, int batch, IntConsumer stepRows) {
    this.config = decoder.config();
    this.script = Scripts.batches(config, decoder.adapter().map(Adapter::lora));
    this.weights = TensorList.of(decoder.tensors());
    this.batch = batch;
    this.stepRows = stepRows;
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
  }

  /** One batch on its way: the prompts from {@code from} to before {@code to}. */
  private final class Run implements AutoCloseable {
    private final Request request;
    private final Sampling sampling;
    private final int width;
    private final List<Transcript> all;
    private final NDArray promptTokens;
    private final NDManager scope = Torch.newScope();

    private List<Transcript> rows; // which response sits in each row of the batch
    private TensorList cache;
    private NDArray padding;
    private NDArray last;

    Run(Request request, int from, int to) {
      this.request = request;
      this.sampling = request.sampling();
      List<int[]> prompts = request.prompts().subList(from, to);
      width = prompts.stream().mapToInt(p -> p.length).max().orElseThrow();
      all = IntStream.range(from, to).mapToObj(i -> new Transcript(i, request)).toList();
      rows = all;
      promptTokens = leftPadded(prompts);
      padding = scope.create(prompts.stream().mapToLong(p -> width - p.length).toArray());
      cache =
          script.hold(
              "opened", (long) prompts.size(), (long) (width + request.maxNewTokens()), weights);
    }

    List<Response> finish() {
      step(0);
      for (int h = 1; h < sampling.maxNewTokens() && dropFinished(); h++) {
        step(h);
      }
      return all.stream().map(Transcript::response).toList();
    }

    /** Samples the response token at position h for every row. */
    private void step(int h) {
      stepRows.accept(rows.size());
      try (NDManager local = scope.newSubManager()) {
        NDArray u = local.create(numbers(h));
        NDList next = h == 0 ? first(u, local) : next(h, u, local);
        record(next.get(0).toLongArray(), next.get(1).toFloatArray());
        NDArray previous = last;
        last = next.get(0);
        last.attach(scope);
        if (previous != null) {
          previous.close();
        }
      }
    }

    private NDList first(NDArray u, NDManager local) {
      return script.run(
          local,
          "first",
          promptTokens,
          padding,
          u,
          sampling.temperature(),
          (long) sampling.topK().orElse(0),
          sampling.topP().orElse(1),
          cache,
          weights);
    }

    private NDList next(int h, NDArray u, NDManager local) {
      return script.run(
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
          weights);
    }

    private double[] numbers(int h) {
      return rows.stream()
          .mapToDouble(r -> r.ended() ? 0 : request.uniforms().at(r.request(), h))
          .toArray();
    }

    private void record(long[] chosen, float[] logP) {
      for (int row = 0; row < rows.size(); row++) {
        if (!rows.get(row).ended()) {
          rows.get(row).add(chosen[row], logP[row]);
        }
      }
    }

    /** Shrinks the batch if a quarter of it is finished; tells whether anything is left to do. */
    private boolean dropFinished() {
      int[] open = IntStream.range(0, rows.size()).filter(row -> !rows.get(row).ended()).toArray();
      if (open.length > 0 && open.length <= rows.size() * 3 / 4) {
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
        NDList before = new NDList(padding, last);
        NDList kept = script.run(scope, "keep", index, before);
        before.forEach(NDArray::close);
        padding = kept.get(0);
        last = kept.get(1);
      }
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
