  # Choosing a token from few: the whole distribution function, in double.

  def choose(self, logits: Tensor, u: Tensor, temperature: float, top_k: int,
             top_p: float) -> Tuple[Tensor, Tensor]:
    # The next token [B] and its log-probability under exactly the distribution it is drawn from,
    # by inverting the distribution function at u [B] in [0, 1). Temperature 0 is the most likely
    # token, with certainty.
    if temperature == 0.:
      best = torch.argmax(logits, 1)
      z = torch.squeeze(torch.gather(logits, 1, best[:, None]), 1)
      return (best, torch.sub(z, z).to(dtype=6))  # log 1, or NaN if the logits are
    z = torch.div(logits.to(dtype=6), temperature)
    if top_k > 0:
      least = torch.topk(z, min(top_k, z.size(1)), 1)[0][:, -1:]
      z = torch.masked_fill(z, torch.lt(z, least), float("-inf"))
    if top_p < 1.:
      ordered, places = torch.sort(z, dim=1, descending=True, stable=True)
      p = torch.softmax(ordered, 1).to(dtype=7)
      before = torch.sub(torch.cumsum(p, 1), p)
      dropped = torch.ge(before, top_p)
      dropped[:, 0] = False
      z = torch.masked_fill(z, torch.scatter(torch.zeros_like(dropped), 1, places, dropped),
                            float("-inf"))
    log_p = torch.log_softmax(z, 1)
    below = torch.cumsum(torch.exp(log_p).to(dtype=7), 1)
    target = torch.mul(u[:, None], below[:, -1:])
    token = torch.sum(torch.le(below, target), 1)
    return (token, torch.squeeze(torch.gather(log_p, 1, token[:, None]), 1))
