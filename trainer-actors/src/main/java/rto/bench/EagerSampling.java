package rto.bench;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import rto.data.CounterRandom;
import rto.lm.Decoder;
import rto.lm.TextGenerator;
import rto.lm.TextGenerator.Response;
import rto.lm.TextGenerator.Uniforms;
import rto.protocol.Sampling;

/**
 * The same responses sampled by the engine and by single operations.
 *
 * @param policy samples
 * @param generator of the engine, holding the policy
 * @param prompts of different lengths
 * @param newTokens of a response at most
 */
record EagerSampling(Decoder policy, TextGenerator generator, List<int[]> prompts, int newTokens) {

  private static final int BATCH = BenchShape.DECODE_BATCH;
  private static final Uniforms UNIFORMS =
      (request, position) -> CounterRandom.unit(CounterRandom.of(1, request, position));

  List<Response> ours() {
    return generator.generate(prompts, Sampling.plain(newTokens), BenchShape.END, UNIFORMS);
  }

  List<Response> eager() {
    EagerLlama model = new EagerLlama(policy.config(), policy.weights(), false);
    return new EagerSampler(policy.config(), model, BATCH)
        .generate(prompts, newTokens, BenchShape.END, UNIFORMS);
  }

  static long tokens(List<Response> responses) {
    return responses.stream().mapToLong(response -> response.tokens().length).sum();
  }

  /** The largest difference of two log-probs of a token, as far as both drew the same ones. */
  static double difference(List<Response> a, List<Response> b) {
    return IntStream.range(0, a.size())
        .mapToDouble(i -> difference(a.get(i), b.get(i)))
        .max()
        .orElseThrow();
  }

  private static double difference(Response a, Response b) {
    return IntStream.range(0, Math.min(a.tokens().length, b.tokens().length))
        .takeWhile(h -> a.tokens()[h] == b.tokens()[h])
        .mapToDouble(h -> Math.abs(a.logProbs()[h] - b.logProbs()[h]))
        .max()
        .orElse(0);
  }

  /** The part of the responses that are not the same, token for token. */
  static double differing(List<Response> a, List<Response> b) {
    long differing =
        IntStream.range(0, a.size())
            .filter(i -> !Arrays.equals(a.get(i).tokens(), b.get(i).tokens()))
            .count();
    return (double) differing / a.size();
  }
}
