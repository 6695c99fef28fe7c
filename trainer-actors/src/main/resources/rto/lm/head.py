  # The head, a chunk of rows at a time: logits over the whole vocabulary exist for one chunk only.
  # h [N, D], head [V, D] or [1, D], targets [N]; softmax, log-probabilities and losses are float32.
  # The temperature divides h, which is smaller than the logits.

  def packed_head(self, head: Tensor) -> Tensor:
    # In the layout that the product with many chunks is fastest with, for that product alone.
    if self.by_libtorch(head):
      return head
    return ops.mkldnn._reorder_linear_weight(torch.detach(head), self.head_chunk)

  def packed_logits(self, h: Tensor, packed: Tensor) -> Tensor:
    if self.by_libtorch(h):
      return torch.linear(h, packed).to(dtype=6)
    return ops.mkldnn._linear_pointwise(h, packed, None, "none", [], "").to(dtype=6)

  def cooled(self, h: Tensor, temperature: Tensor) -> Tensor:
    return torch.div(h.to(dtype=6), temperature).to(dtype=h.dtype)

  def chunk_of(self, x: Tensor, at: int) -> Tensor:
    return x[at:at + self.head_chunk]

  def chosen(self, p: Tensor, targets: Tensor) -> Tensor:
    return torch.squeeze(torch.gather(p, 1, torch.unsqueeze(targets, 1)), 1)

  def head_scalars(self, h: Tensor, head: Tensor) -> Tensor:
    # In the numbers of the head: an adapter's own is float32 over a base in whichever.
    raw = torch.squeeze(self.product(h.to(dtype=head.dtype), head, None), 1).to(dtype=6)
    return torch.div(torch.sub(raw, self.score_mean), self.score_std)

  def head_output(self, h: Tensor, targets: Tensor, temperature: Tensor, head: Tensor) -> Tensor:
    # Log-probabilities of the targets, or scalars, [N].
    if self.scalar_head:
      return self.head_scalars(h, head)
    cool = self.cooled(h, temperature)
    packed = self.packed_head(head)
    parts : List[Tensor] = []
    for at in range(0, torch.size(h, 0), self.head_chunk):
      p = torch.log_softmax(self.packed_logits(self.chunk_of(cool, at), packed), 1)
      parts.append(self.chosen(p, self.chunk_of(targets, at)))
    return torch.cat(parts)
