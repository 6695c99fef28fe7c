package rto.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import rto.data.CounterRandom;
import rto.lm.Decoder;
import rto.lm.TextGenerator;
import rto.lm.io.Tokenizer;
import rto.metrics.Progress;
import rto.protocol.Sampling;
import rto.tensor.ComputePool;

/**
 * Text in, text out: samples responses to prompts, several threads at once, for labelling,
 * evaluation and people.
 *
 * @param generationBatch responses sampled at once
 */
public record Responder(
    Tokenizer tokenizer, ComputePool pool, Progress progress, int generationBatch) {

  /** A prompt's tokens, and a response as tokens and as the text that follows the prompt. */
  public record Reply(
      String prompt, int[] promptTokens, TextGenerator.Response response, String text) {}

  /**
   * One response per prompt, in order.
   *
   * @param stream separates the random numbers of different purposes
   */
  public List<Reply> respond(
      String stage,
      Decoder model,
      List<String> prompts,
      Sampling sampling,
      long seed,
      long stream) {
    List<int[]> tokens = prompts.stream().map(tokenizer::encode).toList();
    List<TextGenerator.Response> responses = new ArrayList<>(prompts.size());
    try (TextGenerator generator = new TextGenerator(model, generationBatch);
        Progress.Stage shown = progress.begin(stage, "responses", prompts.size())) {
      pool.forEachInOrder(
          pieces(generator, tokens, sampling, seed, stream),
          part -> {
            responses.addAll(part);
            shown.step(responses.size(), Map.of());
          });
    }
    List<Reply> replies = new ArrayList<>(prompts.size());
    for (int i = 0; i < responses.size(); i++) {
      replies.add(
          new Reply(
              prompts.get(i),
              tokens.get(i),
              responses.get(i),
              text(tokens.get(i), responses.get(i))));
    }
    return replies;
  }

  private List<Callable<List<TextGenerator.Response>>> pieces(
      TextGenerator generator, List<int[]> tokens, Sampling sampling, long seed, long stream) {
    List<Callable<List<TextGenerator.Response>>> pieces = new ArrayList<>();
    for (int from = 0; from < tokens.size(); from += generationBatch) {
      int first = from;
      List<int[]> some = tokens.subList(from, Math.min(tokens.size(), from + generationBatch));
      TextGenerator.Uniforms uniforms =
          (request, position) ->
              CounterRandom.unit(CounterRandom.of(seed, stream, first + request, position));
      pieces.add(
          () -> generator.generate(some, sampling, Set.copyOf(tokenizer.endTokens()), uniforms));
    }
    return pieces;
  }

  private String text(int[] prompt, TextGenerator.Response response) {
    return tokenizer.decodeResponse(prompt, response.tokens());
  }
}
