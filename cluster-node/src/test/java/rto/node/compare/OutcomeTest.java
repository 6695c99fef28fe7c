package rto.node.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutcomeTest {

  @TempDir Path folder;

  @Test
  void aFileFromBeforeRunsCouldDivergeIsRead() throws IOException {
    Path file = folder.resolve("outcome.json");
    Files.writeString(
        file,
        """
        {"arm":"ppo","seed":4,"settings":"abc","overrides":["rto.token-reward=ppo"],
         "end":{"gold":0.5,"winRate":0.75,"kl":3.5,"klPerToken":0.1,"length":35.0},
         "curve":[{"rollouts":0,
                   "measures":{"gold":-0.5,"winRate":0.5,"kl":0.0,"klPerToken":0.0,"length":36.0}}],
         "scores":[0.25,0.75],"seconds":12.5,"digest":"d"}
        """);

    Outcome read = Outcome.read(file, "abc");

    assertThat(read.whole()).isTrue();
    assertThat(read.end().winRate()).isEqualTo(0.75);
    assertThat(read.curve().get(0).measures().gold()).isEqualTo(-0.5);
    assertThat(read.scores()).containsExactly(0.25, 0.75);
  }

  @Test
  void aRunThatDivergedIsReadBackWithoutMeasures() throws IOException {
    Path file = folder.resolve("outcome.json");
    Judge.Verdict none = Judge.Verdict.NONE;
    new Outcome("ppo", 4, "abc", List.of(), none.measures(), List.of(), none.scores(), 1, "", "NaN")
        .write(file);

    Outcome read = Outcome.read(file, "abc");

    assertThat(read.whole()).isFalse();
    assertThat(read.diverged()).isEqualTo("NaN");
    assertThat(read.end().gold()).isNaN();
  }
}
