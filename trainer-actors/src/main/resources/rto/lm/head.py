  # The head, a chunk of rows at a time: logits over the whole vocabulary exist for one chunk only.
  # h [N, D], head [V, D] or [1, D], targets [N]; softmax, log-probabilities and losses are float32.

  def chunk_logits(self, h: Tensor, head: Tensor, temperature: Tensor, at: int) -> Tensor:
    # Of the chunk that begins at row `at`, divided by the temperature.
    z = self.product(h[at:at + self.head_chunk], head, None)
    return torch.div(z.to(dtype=6), temperature)

  def chunk_of(self, x: Tensor, at: int) -> Tensor:
    return x[at:at + self.head_chunk]

  def chosen(self, p: Tensor, targets: Tensor) -> Tensor:
    return torch.squeeze(torch.gather(p, 1, torch.unsqueeze(targets, 1)), 1)

  def head_scalars(self, h: Tensor, head: Tensor) -> Tensor:
    raw = torch.squeeze(self.product(h, head, None), 1).to(dtype=6)
    return torch.div(torch.sub(raw, self.score_mean), self.score_std)

  def head_output(self, h: Tensor, targets: Tensor, temperature: Tensor, head: Tensor) -> Tensor:
    # Log-probabilities of the targets, or scalars, [N].
    if self.scalar_head:
      return self.head_scalars(h, head)
    parts : List[Tensor] = []
    for at in range(0, torch.size(h, 0), self.head_chunk):
      p = torch.log_softmax(self.chunk_logits(h, head, temperature, at), 1)
      parts.append(self.chosen(p, self.chunk_of(targets, at)))
    return torch.cat(parts)
