  # Differentiating an objective through the decoder, and stepping the optimizer.

  def gradients(self, tokens: Tensor, index: Tensor, targets: Tensor, temperature: Tensor,
                columns: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    # [loss, metrics.., d loss / d w..]: the objective is a sum over elements, so that the results
    # of micro-batches add up to those of the batch.
    p : List[Tensor] = []
    for x in w:
      p.append(x.detach().requires_grad_(True))
    results = self.objective(self.output(tokens, index, targets, temperature, p), columns)
    out : List[Tensor] = []
    for r in results:
      out.append(r.detach())
    for g in torch.grad([results[0]], p):
      if g is not None:
        out.append(g)
    return out
