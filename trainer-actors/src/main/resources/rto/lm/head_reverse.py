  # The head forward and in reverse around an objective, a chunk of rows at a time; letters as in
  # head.py, d.. as in reverse.py. Each pass returns loss and metrics, dh and dhead.

  def no_gradient(self, head: Tensor) -> Tensor:
    # Of a head over the vocabulary, to be filled; of a frozen one it stays empty.
    if self.frozen > 0:
      return torch.new_zeros(head, [0])
    return torch.empty_like(head, dtype=6)

  def packed_rows_reverse(self, dz: Tensor, h: Tensor, head: Tensor, dhead: Tensor,
                          at: int) -> Tensor:
    # Of z = h head^T, in the chunk of rows that begins at `at`: the first fills dhead (float32),
    # others add to it, unless the head is frozen; returns dh.
    dz = dz.to(dtype=h.dtype)
    if self.frozen > 0:
      return self.by_input(dz, head)
    if h.dtype == 6:
      dhead.addmm_(torch.t(dz), h, beta=0 if at == 0 else 1)
    elif at == 0:
      dhead.copy_(torch.mm(torch.t(dz), h))
    else:
      dhead.add_(torch.mm(torch.t(dz), h))
    return self.by_input(dz, head)

  def chosen_reverse(self, d: Tensor, p: Tensor, sums: Tensor, targets: Tensor) -> Tensor:
    # Of the targets' log-probabilities by the logits, d (one-hot - p / sums); p, the softmax but
    # for its rows' sums [N], is used up.
    shrink = torch.unsqueeze(torch.div(torch.neg(d), sums), 1)
    one_hot = torch.unsqueeze(d, 1)
    return p.mul_(shrink).scatter_add_(1, torch.unsqueeze(targets, 1), one_hot)

  def compared_logits_reverse(self, d: Tensor, p: Tensor, q: Tensor, targets: Tensor) -> Tensor:
    # With softmaxes p of the policy and q of the reference, by the policy's logits: of the ratio
    # one-hot - p, of the divergence KL(q || p) p - q.
    ratio = torch.unsqueeze(d[0], 1)
    divergence = torch.unsqueeze(d[1], 1)
    p.mul_(torch.sub(divergence, ratio)).sub_(q.mul_(divergence))
    return p.scatter_add_(1, torch.unsqueeze(targets, 1), ratio)

  def objective_reverse(self, output: Tensor,
                        columns: List[Tensor]) -> Tuple[List[Tensor], Tensor]:
    # Loss and metrics, and the loss's gradient by the output. Where that is scaled, float16 having
    # no numbers for single tokens' parts of a mean, it is multiplied by what then stands last in the list.
    leaf = output.detach().requires_grad_(True)
    results = self.objective(leaf, columns)
    d = torch.zeros_like(output)
    for each in torch.grad([results[0]], [leaf]):
      if each is not None:
        d = each
    out : List[Tensor] = []
    for r in results:
      out.append(r.detach())
    if self.scaled:
      scale = self.scale_of(d)
      d = torch.mul(d, scale)
      out.append(scale)
    return (out, d)

  def scale_of(self, d: Tensor) -> Tensor:
    # The power of two that brings the largest of d between 1/2 and 1.
    mantissa, exponent = torch.frexp(torch.max(torch.abs(d)))
    return torch.pow(2., torch.neg(torch.clamp_min(exponent, -100)).to(dtype=6))

  def scalars_pass(self, h: Tensor, columns: List[Tensor],
                   head: Tensor) -> Tuple[List[Tensor], Tensor, Tensor]:
    h = h.to(dtype=head.dtype)
    results, d = self.objective_reverse(self.head_scalars(h, head), columns)
    draw = torch.unsqueeze(torch.div(d, self.score_std), 1).to(dtype=h.dtype)
    return (results, torch.mul(draw, head), self.by_weight(draw, h).to(dtype=6))

  def token_by_token_pass(self, h: Tensor, targets: Tensor, temperature: Tensor,
                          columns: List[Tensor],
                          head: Tensor) -> Tuple[List[Tensor], Tensor, Tensor]:
    # An objective that is a sum over tokens: the logits of a chunk are computed once.
    cool = self.cooled(h, temperature)
    packed = self.packed_head(head)
    dhead = self.no_gradient(head)
    total : List[Tensor] = []
    parts : List[Tensor] = []
    for at in range(0, torch.size(h, 0), self.head_chunk):
      few = self.chunk_of(cool, at)
      z = self.packed_logits(few, packed)
      z.sub_(torch.amax(z, [1], True))
      chosen = self.chunk_of(targets, at)
      at_chosen = self.chosen(z, chosen)
      sums = torch.sum(z.exp_(), [1])
      own = [self.chunk_of(column, at) for column in columns]
      results, d = self.objective_reverse(torch.sub(at_chosen, torch.log(sums)), own)
      dz = self.chosen_reverse(d, z, sums, chosen)
      parts.append(self.packed_rows_reverse(dz, few, head, dhead, at))
      total = results if at == 0 else torch._foreach_add(total, results)
    return (total, self.cooled(torch.cat(parts), temperature), dhead)

  def whole_pass(self, h: Tensor, targets: Tensor, temperature: Tensor, columns: List[Tensor],
                 head: Tensor) -> Tuple[List[Tensor], Tensor, Tensor]:
    # Any objective: it wants all outputs at once, so the logits are computed again for the reverse.
    results, d = self.objective_reverse(self.head_output(h, targets, temperature, head), columns)
    cool = self.cooled(h, temperature)
    packed = self.packed_head(head)
    dhead = self.no_gradient(head)
    parts : List[Tensor] = []
    for at in range(0, torch.size(h, 0), self.head_chunk):
      few = self.chunk_of(cool, at)
      p = torch.softmax(self.packed_logits(few, packed), 1)
      d_here = self.chunk_of(d, at)
      dz = self.chosen_reverse(d_here, p, torch.ones_like(d_here), self.chunk_of(targets, at))
      parts.append(self.packed_rows_reverse(dz, few, head, dhead, at))
    return (results, self.cooled(torch.cat(parts), temperature), dhead)

  def head_pass(self, h: Tensor, targets: Tensor, temperature: Tensor, columns: List[Tensor],
                head: Tensor) -> Tuple[List[Tensor], Tensor, Tensor]:
    if self.scalar_head:
      return self.scalars_pass(h, columns, head)
    if self.token_by_token:
      return self.token_by_token_pass(h, targets, temperature, columns, head)
    return self.whole_pass(h, targets, temperature, columns, head)

  def compared_pass(self, h: Tensor, other: Tensor, targets: Tensor, temperature: Tensor,
                    columns: List[Tensor], head: Tensor,
                    other_head: Tensor) -> Tuple[List[Tensor], Tensor, Tensor]:
    # The output of compared() in comparison.py for hidden states of the policy and the reference.
    cool = self.cooled(h, temperature)
    frozen = self.cooled(other, temperature)
    packed = self.packed_head(head)
    other_packed = self.packed_head(other_head)
    parts : List[Tensor] = []
    for at in range(0, torch.size(h, 0), self.head_chunk):
      z = self.packed_logits(self.chunk_of(cool, at), packed)
      q = self.packed_logits(self.chunk_of(frozen, at), other_packed)
      parts.append(self.compared(z, q, self.chunk_of(targets, at), torch.ones_like(temperature)))
    results, d = self.objective_reverse(torch.cat(parts, 1), columns)
    dhead = self.no_gradient(head)
    parts = []
    for at in range(0, torch.size(h, 0), self.head_chunk):
      few = self.chunk_of(cool, at)
      p = torch.softmax(self.packed_logits(few, packed), 1)
      q = torch.softmax(self.packed_logits(self.chunk_of(frozen, at), other_packed), 1)
      here = d[:, at:at + self.head_chunk]
      dz = self.compared_logits_reverse(here, p, q, self.chunk_of(targets, at))
      parts.append(self.packed_rows_reverse(dz, few, head, dhead, at))
    return (results, self.cooled(torch.cat(parts), temperature), dhead)
