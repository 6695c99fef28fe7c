  # Differentiating an objective through the decoder, and stepping the optimizer.

  def leaves(self, w: List[Tensor]) -> List[Tensor]:
    p : List[Tensor] = []
    for x in w:
      p.append(x.detach().requires_grad_(True))
    return p

  def learning(self, w: List[Tensor]) -> List[Tensor]:
    # w to be differentiated by: all that learn.
    p = w[:self.frozen] + self.leaves(self.learners(w))
    if self.lora_dropped > 0:
      p.append(w[-1])
    return p

  def differentiated(self, output: Tensor, columns: List[Tensor],
                     p: List[Tensor]) -> List[Tensor]:
    # [loss, metrics.., d loss / d p..] of those p that learn: the objective is a sum over elements, so that the results
    # of micro-batches add up to those of the batch.
    results = self.objective(output, columns)
    out : List[Tensor] = []
    for r in results:
      out.append(r.detach())
    for g in torch.grad([results[0]], self.learners(p)):
      if g is not None:
        out.append(g)
    return out

  def gradients(self, tokens: Tensor, index: Tensor, targets: Tensor, temperature: Tensor,
                columns: List[Tensor], w: List[Tensor]) -> List[Tensor]:
    p = self.learning(w)
    return self.differentiated(self.output(tokens, index, targets, temperature, p), columns, p)

  def gradients_against(self, tokens: Tensor, index: Tensor, targets: Tensor, temperature: Tensor,
                        columns: List[Tensor], reference: List[Tensor],
                        w: List[Tensor]) -> List[Tensor]:
    # The same with the output of compared(): nothing asks for the reference's gradient, so none of
    # its intermediate results is kept.
    p = self.learning(w)
    logits = torch.linear(self.picked(tokens, index, p), self.head(p))
    frozen = torch.linear(self.picked(tokens, index, reference), self.head(reference))
    return self.differentiated(self.compared(logits, frozen, targets, temperature), columns, p)
