package rto.node.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import rto.node.settings.Example.Adaptive;
import rto.node.settings.Example.FixedKl;
import rto.node.settings.Example.Learning;
import rto.node.settings.Example.Model;
import rto.node.settings.Example.Precision;
import rto.node.settings.Example.Stage;

class RecordBinderTest {

  private static final String GOOD =
      """
      seed = 7
      model {
        path = models/small
        precision = mixed-bfloat16
        frozen = on
      }
      rto {
        learning-rate = 1e-3
        epochs = 4
        top-k = 50
        token-reward-clip = off
        timeout = 1500ms
        kl-control = fixed
        second { type = adaptive, target = 6 }
      }
      stages = [ { name = sft, steps = 10 }, { name = dpo, steps = 0 } ]
      """;

  @Test
  void bindsEveryKindOfValue() {
    assertThat(bind(GOOD))
        .isEqualTo(
            new Example(
                7,
                new Model(
                    Path.of("models/small"), Precision.MIXED_BFLOAT16, true, Optional.empty()),
                new Learning(
                    0.001,
                    4,
                    OptionalDouble.empty(),
                    OptionalInt.of(50),
                    Duration.ofMillis(1500),
                    new FixedKl(),
                    Optional.of(new Adaptive(6, OptionalDouble.empty()))),
                List.of(new Stage("sft", 10), new Stage("dpo", 0))));
  }

  @Test
  void reportsAllProblemsAtOnceWithTheirLines() {
    String bad =
        """
        seed = many
        model {
          precision = float16
          frozen = perhaps
        }
        rto {
          learning-rate = -1
          lerning-rate = 2
          epochs = 1.5
          timeout = 10
          kl-control = adaptiv
        }
        stages = [ { name = sft, steps = -2 } ]
        """;

    assertThat(problems(bad))
        .containsExactly(
            "seed: \"many\" (expected: a whole number) [test.conf:1]",
            "model.path: missing (expected: a file or folder)",
            "model.precision: \"float16\" (expected: one of float32, mixed-bfloat16)"
                + " [test.conf:3]",
            "model.frozen: \"perhaps\" (expected: true or false) [test.conf:4]",
            "rto.lerning-rate: unknown key (did you mean learning-rate?) [test.conf:8]",
            "rto.epochs: 1.5 (expected: a whole number) [test.conf:9]",
            "rto.timeout: 10 (expected: a duration with its unit, like 500ms or 10s)"
                + " [test.conf:10]",
            "rto.kl-control: \"adaptiv\" (expected: one of fixed, adaptive) [test.conf:11]",
            "rto.learning-rate: -1.0 (expected: > 0) [test.conf:7]",
            "stages[0].steps: -2 (expected: >= 0) [test.conf:13]");
  }

  @Test
  void aRecordReportsSeveralOfItsRangesAtOnce() {
    assertThat(problems(GOOD + "rto { learning-rate = 0, epochs = 0 }"))
        .containsExactly(
            "rto.learning-rate: 0.0 (expected: > 0) [test.conf:17]",
            "rto.epochs: 0 (expected: > 0) [test.conf:17]");
  }

  @Test
  void anAbsentSectionNamesEachKeyThatIsMissing() {
    assertThat(problems("seed = 1, stages = [], rto = " + "{ learning-rate = 1, epochs = 1 }"))
        .containsExactly(
            "model.path: missing (expected: a file or folder)",
            "model.precision: missing (expected: one of float32, mixed-bfloat16)",
            "model.frozen: missing (expected: true or false)",
            "rto.timeout: missing (expected: a duration with its unit, like 500ms or 10s)",
            "rto.kl-control: missing (expected: one of fixed, adaptive)");
  }

  @Test
  void aVariantIsASectionWithItsTypeAndNoKeysOfOtherVariants() {
    assertThat(problems(GOOD + "rto.kl-control = { type = fixed, target = 6 }"))
        .containsExactly(
            "rto.kl-control.target: unknown key (expected: one of type) [test.conf:17]");
    assertThat(problems(GOOD + "rto.kl-control = adaptive"))
        .containsExactly("rto.kl-control.target: missing (expected: a number)");
    assertThat(problems(GOOD + "rto.kl-control = { target = 6 }"))
        .containsExactly("rto.kl-control.type: missing (expected: one of fixed, adaptive)");
  }

  @Test
  void aKeyInTheWrongSectionIsPointedToTheRightOne() {
    assertThat(problems(GOOD + "learning-rate = 1"))
        .containsExactly(
            "learning-rate: unknown key (did you mean rto.learning-rate?) [test.conf:17]");
  }

  @Test
  void aKeyLikeNoOtherGetsTheListOfKeys() {
    assertThat(problems(GOOD + "model.colour = red"))
        .containsExactly(
            "model.colour: unknown key (expected: one of path, precision, frozen, name)"
                + " [test.conf:17]");
  }

  @Test
  void zeroMeansZeroAndAbsentMeansOff() {
    assertThat(bind(GOOD + "rto.token-reward-clip = 0").rto().tokenRewardClip()).hasValue(0);
    assertThat(bind(GOOD + "rto.top-k = null").rto().topK()).isEmpty();
  }

  @Test
  void aSectionWhereAValueBelongsIsRefusedAndTheOtherWayRound() {
    assertThat(problems(GOOD + "seed = { a = 1 }, model = 3"))
        .containsExactly(
            "seed: {\"a\":1} (expected: a whole number) [test.conf:17]",
            "model: 3 (expected: a section { ... } with the keys path, precision, frozen, name)"
                + " [test.conf:17]");
  }

  private static Example bind(String text) {
    var origin = ConfigParseOptions.defaults().setOriginDescription("test.conf");
    return RecordBinder.bind(ConfigFactory.parseString(text, origin), Example.class);
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(ConfigMistakes.class, () -> bind(text)).problems();
  }
}
