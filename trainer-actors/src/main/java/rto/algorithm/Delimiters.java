package rto.algorithm;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import rto.protocol.Named;
import rto.protocol.Require;

/**
 * The tokens that end a sentence: where {@link SemiRtoReward} pays. Written as texts in settings,
 * they become token ids once, when a run knows its tokenizer.
 */
public sealed interface Delimiters {

  /**
   * The ids of the delimiters.
   *
   * @param vocabulary the text of each token, by id; empty for a token without one
   * @throws IllegalArgumentException if there are none, or if one is no token of the vocabulary
   */
  Set<Integer> among(List<String> vocabulary);

  /**
   * Every token whose text ends a sentence: with a full stop, a question or exclamation mark or an
   * ellipsis, closing quotes and brackets aside; or with a line break.
   */
  @Named("sentence-ends")
  record SentenceEnds() implements Delimiters {

    private static final Pattern END =
        Pattern.compile("(?s).*(\\n\\s*|[.!?…。！？][\"'”’»)\\]]*\\s*)");

    @Override
    public Set<Integer> among(List<String> vocabulary) {
      Set<Integer> ids = Delimiters.ids(vocabulary, SentenceEnds::matches);
      Require.that(
          !ids.isEmpty(),
          "delimiters: sentence-ends (expected: tokens, since none of the tokenizer's %s ends a"
              + " sentence)",
          vocabulary.size());
      return ids;
    }

    private static boolean matches(String text) {
      return END.matcher(text).matches();
    }
  }

  /**
   * These tokens. Spaces around a text do not count: {@code "."} is every token that reads so.
   *
   * @param tokens the text of each, as the tokenizer would write it
   */
  @Named("tokens")
  record Tokens(List<String> tokens) implements Delimiters {

    private static final int NEAR_ONES = 5;

    public Tokens {
      tokens = List.copyOf(tokens);
      Require.that(!tokens.isEmpty(), "tokens: none (expected: at least one, like \".\")");
      for (String token : tokens) {
        Require.that(!spaceless(token).isEmpty(), "tokens: \"%s\" (expected: a text)", token);
      }
    }

    @Override
    public Set<Integer> among(List<String> vocabulary) {
      Set<Integer> all = new HashSet<>();
      for (String token : tokens) {
        Set<Integer> ids = Delimiters.ids(vocabulary, t -> spaceless(t).equals(spaceless(token)));
        Require.that(
            !ids.isEmpty(),
            "delimiters.tokens: \"%s\" (expected: one token of the tokenizer, like %s)",
            token,
            near(token, vocabulary));
        all.addAll(ids);
      }
      return all;
    }

    /** Tokens that hold the text or are held by it, or else the sentence ends; shortest first. */
    private static String near(String text, List<String> vocabulary) {
      String wanted = spaceless(text);
      List<String> near =
          texts(vocabulary, t -> !t.isEmpty() && (t.contains(wanted) || wanted.contains(t)));
      List<String> shown = near.isEmpty() ? texts(vocabulary, SentenceEnds::matches) : near;
      return shown.stream()
          .limit(NEAR_ONES)
          .map(t -> '"' + t.replace("\n", "\\n") + '"')
          .collect(Collectors.joining(", "));
    }

    private static List<String> texts(List<String> vocabulary, Predicate<String> wanted) {
      return vocabulary.stream()
          .map(Tokens::spaceless)
          .filter(wanted)
          .distinct()
          .sorted(Comparator.comparingInt(String::length))
          .toList();
    }

    private static String spaceless(String text) {
      return text.replaceAll("^ +| +$", "");
    }
  }

  private static Set<Integer> ids(List<String> vocabulary, Predicate<String> wanted) {
    return IntStream.range(0, vocabulary.size())
        .filter(id -> wanted.test(vocabulary.get(id)))
        .boxed()
        .collect(Collectors.toSet());
  }
}
