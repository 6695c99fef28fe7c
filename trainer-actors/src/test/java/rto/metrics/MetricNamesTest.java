package rto.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

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
  void aNumberOutsideTheGlossaryIsShownByItsKey() {
    assertThat(MetricNames.label("kl")).isEqualTo("KL");
    assertThat(MetricNames.label("my-number")).isEqualTo("my-number");
  }
}
