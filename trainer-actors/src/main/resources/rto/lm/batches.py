  # Generation in batches: prompts padded on the left, one column of the cache for all of a step's
  # tokens. Letters and w as in decoder.py; C columns of the key-value cache.

  def opened(self, sequences: int, columns: int, w: List[Tensor]) -> List[Tensor]:
    # An empty cache: per layer keys and values [B, G, C, E].
    cache : List[Tensor] = []
    for i in range(2 * self.layers):
      cache.append(torch.zeros([sequences, self.kv_heads, columns, self.head_size],
                               dtype=w[0].dtype, device=w[0].device))
    return cache

  def prefill(self, tokens: Tensor, pads: Tensor, cache: List[Tensor], w: List[Tensor]) -> Tensor:
    # Left-padded prompts [B, T], pads [B] of them padding: fills the cache, returns the logits
    # [B, V] of the last position. A padded query sees itself only, so that nothing is NaN.
    x = torch.embedding(w[0], tokens)
    b, t, d = torch.size(x)
    column = torch.arange(t, device=x.device)
    position = torch.clamp_min(torch.sub(column[None, :], pads[:, None]), 0)
    cos, sin = self.angles(position[:, None], x)
    real = torch.ge(column[None, :], pads[:, None])[:, None, None, :]
    itself = torch.eq(column[:, None], column[None, :])[None, None]
    seen = torch.logical_or(torch.logical_and(real, self.near(t, x)[None, None]), itself)
    for layer in range(self.layers):
      at = 1 + self.layer_tensors * layer
      q, k, v = self.asked(x, cos, sin, w, at)
      cache[2 * layer][:, :, :t].copy_(k)
      cache[2 * layer + 1][:, :, :t].copy_(v)
      a = self.attention(q, self.repeated(k), self.repeated(v), seen)
      a = torch.reshape(torch.transpose(a, 1, 2), [b, t, -1])
      x = self.mixed(x, a, w, at)
      x = self.feed_forward(x, w, at)
    x = self.normed(x[:, -1], w)
    return torch.linear(x, self.head(w))

  def joined(self, w: List[Tensor]) -> List[Tensor]:
    # Per layer q, k and v as one matrix, and gate and up: fewer products. Nothing for models that
    # have biases, head norms or an adapter.
    j : List[Tensor] = []
    if max(self.qkv_bias, self.mlp_bias, self.qk_norm) >= 0 or self.lora_tensors > 0:
      return j
    for layer in range(self.layers):
      at = 1 + self.layer_tensors * layer
      j.append(torch.cat(w[at + 1:at + 4]))
      j.append(torch.cat(w[at + 6:at + 8]))
    return j

  def row_normed(self, x: Tensor, weight: Tensor) -> Tensor:
    # rms_norm() of rows, as libtorch computes it, without the detours of its general form.
    if x.dtype != 6:
      return torch.rms_norm(x, [self.hidden_size], weight, self.norm_eps)
    scale = torch.sum(torch.mul(x, x), [1], True)
    scale.div_(self.hidden_size).add_(self.norm_eps).rsqrt_()
    return torch.mul(torch.mul(x, scale), weight)

  def row_asked(self, n: Tensor, w: List[Tensor], layer: int,
                joined: List[Tensor]) -> List[Tensor]:
    # Queries and keys [B, (H+G)*E], not rotated yet, and values [B, G*E], of normed rows [B, D].
    v = self.kv_heads * self.head_size
    qk = v + self.query_heads * self.head_size
    if len(joined) > 0:
      return torch.split_with_sizes(torch.linear(n, joined[2 * layer]), [qk, v], 1)
    at = 1 + self.layer_tensors * layer
    q = self.linear(n, w, at, 1, self.qkv_bias, 0)
    k = self.linear(n, w, at, 2, self.qkv_bias, 1)
    if self.qk_norm >= 0:
      q = self.each_normed(q, w[at + self.qk_norm])
      k = self.each_normed(k, w[at + self.qk_norm + 1])
    return [torch.cat([q, k], 1), self.linear(n, w, at, 3, self.qkv_bias, 2)]

  def each_normed(self, x: Tensor, weight: Tensor) -> Tensor:
    # Each head by itself.
    heads = x.view(x.size(0), -1, self.head_size)
    return torch.rms_norm(heads, [self.head_size], weight, self.norm_eps).view(x.size(0), -1)

  def row_mixed(self, x: Tensor, a: Tensor, w: List[Tensor], layer: int,
                joined: List[Tensor]) -> Tensor:
    # What the heads found [B, H*E], and then the feed-forward, into the residual stream [B, D].
    at = 1 + self.layer_tensors * layer
    x = self.mixed(x, a, w, at)
    n = self.row_normed(x, w[at + 5])
    if len(joined) > 0:
      y = torch.linear(n, joined[2 * layer + 1])
      f = torch.floordiv(y.size(1), 2)
      gate = torch.narrow(y, 1, 0, f).contiguous()  # as exp() rounds by an element's place
      up = torch.narrow(y, 1, f, f)
    else:
      gate = self.linear(n, w, at, 6, self.mlp_bias, 0)
      up = self.linear(n, w, at, 7, self.mlp_bias, 1)
    return torch.add(x, self.linear(torch.mul(torch.silu(gate), up), w, at, 8, self.mlp_bias, 2))

  def flat_angles(self, positions: Tensor, like: Tensor) -> Tuple[Tensor, Tensor, Tensor]:
    # For queries and keys as they lie in a row: cos and signed sin of positions [M, B], as
    # [M, B, (H+G)*E], and which number each is turned with.
    heads = self.query_heads + self.kv_heads
    half = torch.floordiv(self.head_size, 2)
    m, b = torch.size(positions)
    cos, sin = self.angles(positions[:, :, None], like)
    sin = torch.cat([torch.neg(sin[..., :half]), sin[..., half:]], -1)
    other = torch.roll(torch.arange(self.head_size, device=like.device), [half], [0])
    first = torch.arange(0, heads * self.head_size, self.head_size, device=like.device)
    return (torch.reshape(cos.expand(m, b, heads, self.head_size), [m, b, -1]),
            torch.reshape(sin.expand(m, b, heads, self.head_size), [m, b, -1]),
            torch.reshape(torch.add(first[:, None], other[None]), [-1]))

  def hidden_columns(self, pads: Tensor, column: int) -> Tensor:
    # Which of the columns up to this one a sequence does not see: padding, and those before its
    # window. [B, 1, column + 1]
    columns = torch.arange(column + 1, device=pads.device)
    first = torch.clamp_min(pads, column + 1 - self.window)
    return torch.lt(columns[None, :], first[:, None])[:, None]

  def decode(self, tokens: Tensor, column: int, cos: Tensor, sin: Tensor, other: Tensor,
             hidden: Optional[Tensor], cache: List[Tensor], w: List[Tensor],
             joined: List[Tensor]) -> Tensor:
    # One more token per sequence: tokens [B] are written to this column of the cache; returns
    # the logits [B, V] after them. Attention is spelled out: the fused kernel's result may depend
    # on the slot of a sequence in its batch.
    x = torch.embedding(w[0], tokens)
    b, g, c, e = torch.size(cache[0])
    wide = self.query_heads * e
    seen = column + 1
    for layer in range(self.layers):
      n = self.row_normed(x, w[1 + self.layer_tensors * layer])
      y, v = self.row_asked(n, w, layer, joined)
      y = torch.add(torch.mul(y, cos), torch.mul(torch.index_select(y, 1, other), sin))
      keys = cache[2 * layer]
      values = cache[2 * layer + 1]
      torch.select(keys, 2, column).copy_(torch.narrow(y, 1, wide, g * e).view(b, g, e))
      torch.select(values, 2, column).copy_(v.view(b, g, e))
      q = torch.mul(torch.narrow(y, 1, 0, wide), self.attention_scale).view(b * g, -1, e)
      s = torch.bmm(q, torch.as_strided(keys, [b * g, e, seen], [c * e, 1, e]))
      if hidden is not None:
        s = torch.masked_fill(s.view(b, -1, seen), hidden, float("-inf")).view(b * g, -1, seen)
      a = torch.bmm(torch.softmax(s, -1), torch.as_strided(values, [b * g, seen, e], [c * e, e, 1]))
      x = self.row_mixed(x, a.view(b, -1), w, layer, joined)
    x = self.row_normed(x, w[1 + self.layer_tensors * self.layers])
    return torch.linear(x, self.head(w))

  def open_rows(self, tokens: Tensor, ended: Tensor, ends: Tensor) -> int:
    # Marks those of tokens [B] that end a response in ended [B]; how many have not ended.
    ended.logical_or_(torch.any(torch.eq(tokens[:, None], ends[None]), 1))
    return ended.size(0) - int(torch.sum(ended))

  def steps(self, tokens: Tensor, pads: Tensor, padded: int, column: int, u: Tensor, ended: Tensor,
            ends: Tensor, least: int, temperature: float, top_k: int, top_p: float,
            cache: List[Tensor], w: List[Tensor],
            joined: List[Tensor]) -> Tuple[Tensor, Tensor]:
    # As many steps as there are rows in u [M, B], or until no more than `least` sequences have not
    # ended: the tokens chosen, and their log-probabilities, [at most M, B] each. The last tokens
    # [B] are written to `column`, the next ones behind it.
    m, b = torch.size(u)
    position = torch.add(torch.arange(m, device=u.device), column)
    cos, sin, other = self.flat_angles(torch.sub(position[:, None], pads[None, :]), w[0])
    ended = torch.ne(ended, 0)
    chosen : List[Tensor] = []
    found : List[Tensor] = []
    going = True
    while going:
      i = len(chosen)
      hidden : Optional[Tensor] = None
      if padded > 0 or column + i >= self.window:
        hidden = self.hidden_columns(pads, column + i)
      logits = self.decode(tokens, column + i, cos[i], sin[i], other, hidden, cache, w, joined)
      tokens, log_p = self.choose(logits, u[i], temperature, top_k, top_p)
      chosen.append(tokens)
      found.append(log_p)
      going = i + 1 < m and self.open_rows(tokens, ended, ends) > least
    return (torch.stack(chosen), torch.stack(found))

  def first(self, tokens: Tensor, pads: Tensor, u: Tensor, temperature: float, top_k: int,
            top_p: float, cache: List[Tensor], w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    return self.choose(self.prefill(tokens, pads, cache, w), u, temperature, top_k, top_p)

  def keep(self, rows: Tensor, tensors: List[Tensor]) -> List[Tensor]:
    # The given rows [K] of each tensor [B, ..].
    kept : List[Tensor] = []
    for x in tensors:
      kept.append(torch.index_select(x, 0, rows))
    return kept
