package rto.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import rto.lm.DecoderConfig;
import rto.lm.TextGenerator.Response;
import rto.lm.TextGenerator.Uniforms;
import rto.tensor.Torch;

/**
 * Samples in static batches: prompts padded on the left, all rows go on until the last one has
 * ended. A token is drawn by inverting the distribution function, as the engine does, so that both
 * draw the same; torch.multinomial, which Python programs use, is slower.
 */
final class EagerSampler {

  private final DecoderConfig config;
  private final EagerLlama model;
  private final int batch;

  EagerSampler(DecoderConfig config, EagerLlama model, int batch) {
    this.config = config;
    this.model = model;
    this.batch = batch;
  }

  /** One response per prompt, in order, at temperature 1. */
  List<Response> generate(List<int[]> prompts, int newTokens, int endToken, Uniforms uniforms) {
    List<Response> responses = new ArrayList<>();
    for (int from = 0; from < prompts.size(); from += batch) {
      int first = from;
      List<int[]> some = prompts.subList(from, Math.min(prompts.size(), from + batch));
      responses.addAll(
          new Run(some, newTokens, endToken, (r, h) -> uniforms.at(first + r, h)).finish());
    }
    return responses;
  }

  /** One batch on its way. */
  private final class Run {
    private final NDManager scope = Torch.newScope();
    private final EagerLlama.Cache cache = new EagerLlama.Cache(config);
    private final int endToken;
    private final Uniforms uniforms;
    private final int width;
    private final long[] pads;
    private final long[] padded;
    private final int[][] tokens;
    private final float[][] logProbs;
    private final int[] lengths;

    Run(List<int[]> prompts, int newTokens, int endToken, Uniforms uniforms) {
      this.endToken = endToken;
      this.uniforms = uniforms;
      int n = prompts.size();
      width = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
      pads = prompts.stream().mapToLong(prompt -> width - prompt.length).toArray();
      padded = new long[n * width];
      for (int r = 0; r < n; r++) {
        for (int t = 0; t < prompts.get(r).length; t++) {
          padded[r * width + (int) pads[r] + t] = prompts.get(r)[t];
        }
      }
      tokens = new int[n][newTokens];
      logProbs = new float[n][newTokens];
      lengths = new int[n];
    }

    List<Response> finish() {
      try (scope) {
        for (int h = 0; h < tokens[0].length && !finished(); h++) {
          step(h);
        }
        return IntStream.range(0, tokens.length).mapToObj(this::response).toList();
      }
    }

    private void step(int h) {
      try (NDManager local = scope.newSubManager()) {
        NDArray hidden = h == 0 ? prompts(local) : last(h, local);
        record(h, hidden.get(":, -1"), local);
        cache.moveTo(scope);
      }
    }

    private NDArray prompts(NDManager local) {
      NDArray column = local.arange((float) width).toType(DataType.INT64, false);
      NDArray pad = local.create(pads).expandDims(1);
      NDArray positions = column.expandDims(0).sub(pad).maximum(0);
      NDArray real = column.expandDims(0).gte(pad).reshape(pads.length, 1, 1, width);
      NDArray before = column.expandDims(1).gte(column.expandDims(0));
      NDArray itself = column.expandDims(1).eq(column.expandDims(0));
      NDArray seen = real.logicalAnd(before).logicalOr(itself);
      return model.hidden(
          local.create(padded, new Shape(pads.length, width)), positioned(positions), seen, cache);
    }

    private NDArray last(int h, NDManager local) {
      long[] previous = IntStream.range(0, pads.length).mapToLong(r -> previous(r, h)).toArray();
      long[] position = Arrays.stream(pads).map(pad -> width + h - 1 - pad).toArray();
      NDArray column = local.arange((float) (width + h)).toType(DataType.INT64, false);
      NDArray seen =
          column
              .expandDims(0)
              .gte(local.create(pads).expandDims(1))
              .reshape(pads.length, 1, 1, width + h);
      return model.hidden(
          local.create(previous, new Shape(pads.length, 1)),
          positioned(local.create(position).expandDims(1)),
          seen,
          cache);
    }

    private long previous(int r, int h) {
      return lengths[r] == h ? tokens[r][h - 1] : endToken;
    }

    private NDArray positioned(NDArray positions) {
      return positions.expandDims(1).toType(DataType.FLOAT64, false);
    }

    private void record(int h, NDArray hidden, NDManager local) {
      NDArray logP = model.logits(hidden).logSoftmax(1);
      NDArray below = logP.exp().toType(DataType.FLOAT64, false).cumSum(1);
      double[] u = IntStream.range(0, pads.length).mapToDouble(r -> uniforms.at(r, h)).toArray();
      NDArray target = local.create(u).expandDims(1).mul(below.get(":, -1:"));
      NDArray chosen = below.lte(target).toType(DataType.INT64, false).sum(new int[] {1}, true);
      long[] token = chosen.toLongArray();
      float[] p = logP.gather(chosen, 1).toFloatArray();
      for (int r = 0; r < pads.length; r++) {
        if (!ended(r)) {
          tokens[r][h] = (int) token[r];
          logProbs[r][h] = p[r];
          lengths[r] = h + 1;
        }
      }
    }

    private boolean ended(int r) {
      return lengths[r] > 0 && tokens[r][lengths[r] - 1] == endToken;
    }

    private boolean finished() {
      return IntStream.range(0, lengths.length).allMatch(this::ended);
    }

    private Response response(int r) {
      return new Response(
          Arrays.copyOf(tokens[r], lengths[r]), Arrays.copyOf(logProbs[r], lengths[r]), !ended(r));
    }
  }
}
