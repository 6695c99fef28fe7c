package rto.algorithm;

import java.util.List;
import java.util.OptionalDouble;
import rto.protocol.Require;

/**
 * The critic's squared error, with the critic kept near its old self [P App. D; C].
 *
 * <pre>
 *   L = Σ w_h · ½ max((V − G)², (clip(V, V_old ± c) − G)²)
 * </pre>
 *
 * Output: V [N]. Columns: V_old, the returns G and w, each [N]. Metrics: the part of tokens whose
 * gradient the clip has cut off; the mean of V.
 *
 * @param clip c, 0.2 in [C]; absent means ½ (V − G)², V_old is then not looked at
 */
public record ValueLoss(OptionalDouble clip) implements Objective {

  public ValueLoss {
    Require.that(
        clip.isEmpty() || (clip.getAsDouble() > 0 && Double.isFinite(clip.getAsDouble())),
        "value-clip: %s (expected: > 0, or off)",
        clip.orElse(0));
  }

  @Override
  public List<String> columns() {
    return List.of("old values", "returns", "weights");
  }

  @Override
  public List<String> metrics() {
    return List.of("value-clip-fraction", "mean-value");
  }

  @Override
  public String script() {
    return """
          def objective(self, output: Tensor, columns: List[Tensor]) -> List[Tensor]:
            old = columns[0]
            target = columns[1]
            weight = columns[2]
            near = %s
            free = torch.square(output - target)
            clipped = torch.square(near - target)
            loss = torch.sum(weight * torch.maximum(free, clipped)) * 0.5
            cut = torch.sum(weight * torch.lt(free, clipped))
            return [loss, torch.detach(cut), torch.detach(torch.sum(weight * output))]
        """
        .formatted(near());
  }

  private String near() {
    if (clip.isEmpty()) {
      return "output";
    }
    double c = clip.getAsDouble();
    return "torch.clamp(output, old - %s, old + %s)".formatted(c, c);
  }
}
