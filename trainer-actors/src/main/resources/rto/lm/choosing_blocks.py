  # Choosing a token from many: sums of blocks first, then inside the one block that is hit; of a
  # sorted order only as much as top-p needs. Each row's result depends on that row alone.

  def least_of(self, ordered: Tensor, p: Tensor, top_p: float) -> Tensor:
    # The least [B, 1] of descending values [B, K], of probabilities p [B, K], that top-p keeps:
    # the first always, others as long as those before them have less than top_p.
    before = torch.sub(torch.cumsum(p, 1), p)
    kept = torch.sum(torch.lt(before, top_p), 1, True)
    return torch.gather(ordered, 1, torch.sub(torch.clamp_min(kept, 1), 1))

  def nucleus(self, z: Tensor, top_p: float) -> Tensor:
    # What top-p keeps of z [B, V], the rest at -inf; what equals the least kept is kept too. The
    # K most likely are all that is ordered unless some row needs more.
    p = torch.softmax(z, 1)
    ordered, places = torch.topk(z, min(256, z.size(1)), 1)
    q = torch.gather(p, 1, places).to(dtype=7)
    if bool(torch.any(torch.lt(torch.sum(q, 1), top_p))):
      ordered, places = torch.sort(z, 1, True)
      q = torch.gather(p, 1, places).to(dtype=7)
    return torch.masked_fill(z, torch.lt(z, self.least_of(ordered, q, top_p)), float("-inf"))

  def hit(self, below: Tensor, target: Tensor) -> Tensor:
    # Where the distribution function below [B, K] first exceeds target [B, 1], as [B, 1]; never
    # behind the last place that has a probability, however target was rounded.
    past = torch.sum(torch.le(below, target), 1, True)
    last = torch.sum(torch.lt(below, below[:, -1:]), 1, True)
    return torch.minimum(past, last)

  def drawn(self, p: Tensor, u: Tensor) -> Tuple[Tensor, Tensor]:
    # The token [B, 1] at u [B] of the distribution function of p [B, V], and its probability in
    # double, after normalisation.
    b, v = torch.size(p)
    blocks = torch.floordiv(v + 127, 128)
    if blocks * 128 > v:
      p = torch.constant_pad_nd(p, [0, blocks * 128 - v], 0)
    p = p.view(b, blocks, 128)
    below = torch.cumsum(torch.sum(p, 2).to(dtype=7), 1)
    total = below[:, -1:]
    target = torch.mul(u[:, None], total)
    block = self.hit(below, target)
    before = torch.where(torch.gt(block, 0),
                         torch.gather(below, 1, torch.clamp_min(torch.sub(block, 1), 0)), 0.)
    inside = torch.gather(p, 1, block[:, :, None].expand(b, 1, 128))[:, 0].to(dtype=7)
    place = self.hit(torch.cumsum(inside, 1), torch.sub(target, before))
    chosen = torch.div(torch.gather(inside, 1, place), total)
    return (torch.add(torch.mul(block, 128), place), chosen)

  def choose(self, logits: Tensor, u: Tensor, temperature: float, top_k: int,
             top_p: float) -> Tuple[Tensor, Tensor]:
    # The next token [B] and its log-probability under exactly the distribution it is drawn from,
    # by inverting the distribution function at u [B] in [0, 1). Temperature 0 is the most likely
    # token, with certainty.
    if temperature == 0.:
      best = torch.argmax(logits, 1)
      z = torch.squeeze(torch.gather(logits, 1, best[:, None]), 1)
      return (best, torch.sub(z, z).to(dtype=6))  # log 1, or NaN if the logits are
    z = logits.to(dtype=6)
    if temperature != 1.:
      z = torch.div(z, temperature)
    if top_k > 0:
      least = torch.topk(z, min(top_k, z.size(1)), 1)[0][:, -1:]
      z = torch.masked_fill(z, torch.lt(z, least), float("-inf"))
    if top_p < 1.:
      z = self.nucleus(z, top_p)
    token, p = self.drawn(torch.softmax(z, 1), u)
    return (torch.squeeze(token, 1), torch.squeeze(torch.log(p), 1).to(dtype=6))
