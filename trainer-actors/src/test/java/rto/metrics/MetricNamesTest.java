package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import rto.algorithm.BradleyTerryLoss;
import rto.algorithm.DpoLoss;
import rto.algorithm.IpoLoss;
import rto.algorithm.NllLoss;
import rto.algorithm.Objective;
import rto.algorithm.PpoLoss;
import rto.algorithm.RDpoLoss;
import rto.algorithm.SimPoLoss;
import rto.algorithm.Tdpo1Loss;
import rto.algorithm.Tdpo2Loss;
import rto.algorithm.ValueLoss;

class MetricNamesTest {

  @Test
  void everyMetricHasAKeyOfItsOwnAMeaningAndAUnit() {
    assertThat(MetricNames.values()).extracting(MetricNames::key).doesNotHaveDuplicates();
    assertThat(MetricNames.values())
        .allSatisfy(
            metric -> {
              assertThat(metric.key()).matches("[a-z0-9-]+");
              assertThat(metric.meaning()).isNotBlank();
              assertThat(metric.unit()).isNotBlank();
            });
  }

  @Test
  void whateverAnObjectiveMeasuresIsInTheGlossary() {
    List<Objective> all =
        List.of(
            new PpoLoss(0.2),
            new ValueLoss(OptionalDouble.empty()),
            new DpoLoss(0.1, 0),
            new IpoLoss(0.1),
            new RDpoLoss(0.1, 0),
            new SimPoLoss(1, OptionalDouble.of(0), OptionalDouble.empty()),
            new Tdpo1Loss(0.1),
            new Tdpo2Loss(0.1, 0),
            new BradleyTerryLoss(0),
            new NllLoss());
    assertThat(all.stream().flatMap(objective -> objective.metrics().stream()))
        .isNotEmpty()
        .allSatisfy(name -> assertThat(MetricNames.of(name)).as(name).isPresent());
  }

  @Test
  void aNumberOutsideTheGlossaryIsShownByItsKey() {
    assertThat(MetricNames.label("kl")).isEqualTo("KL");
    assertThat(MetricNames.label("my-number")).isEqualTo("my-number");
  }
}
