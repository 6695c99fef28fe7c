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
      a = torch.scaled_dot_product_attention(q, self.repeated(k), self.repeated(v), seen, 0., False)
      a = torch.reshape(torch.transpose(a, 1, 2), [b, t, -1])
      x = self.mixed(x, a, w, at)
      x = self.feed_forward(x, w, at)
    x = self.normed(x[:, -1], w)
    return torch.linear(x, self.head(w))

  def decode(self, tokens: Tensor, pads: Tensor, column: int, cache: List[Tensor],
             w: List[Tensor]) -> Tensor:
    # One more token per sequence: tokens [B] are written to this column of the cache; returns
    # the logits [B, V] after them. Attention is spelled out: the fused kernel's result may depend
    # on the slot of a sequence in its batch.
    x = torch.embedding(w[0], tokens[:, None])
    b, t, d = torch.size(x)
    cos, sin = self.angles(torch.sub(column, pads)[:, None, None], x)
    columns = torch.arange(column + 1, device=x.device)
    first = torch.clamp_min(pads, column + 1 - self.window)
    hidden = torch.lt(columns[None, :], first[:, None])[:, None, None, :]
    group = torch.floordiv(self.query_heads, self.kv_heads)
    for layer in range(self.layers):
      at = 1 + self.layer_tensors * layer
      q, k, v = self.asked(x, cos, sin, w, at)
      keys = cache[2 * layer]
      values = cache[2 * layer + 1]
      keys[:, :, column:column + 1].copy_(k)
      values[:, :, column:column + 1].copy_(v)
      q = torch.mul(q.view(b, self.kv_heads, group, self.head_size), self.attention_scale)
      s = torch.matmul(q, torch.transpose(keys[:, :, :column + 1], 2, 3))
      s = torch.softmax(torch.masked_fill(s, hidden, float("-inf")), -1)
      a = torch.matmul(s, values[:, :, :column + 1])
      x = self.mixed(x, a.view(b, 1, -1), w, at)
      x = self.feed_forward(x, w, at)
    x = self.normed(x[:, 0], w)
    return torch.linear(x, self.head(w))

  def first(self, tokens: Tensor, pads: Tensor, u: Tensor, temperature: float, top_k: int,
            top_p: float, cache: List[Tensor], w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    return self.choose(self.prefill(tokens, pads, cache, w), u, temperature, top_k, top_p)

  def next(self, tokens: Tensor, pads: Tensor, column: int, u: Tensor, temperature: float,
           top_k: int, top_p: float, cache: List[Tensor], w: List[Tensor]) -> Tuple[Tensor, Tensor]:
    logits = self.decode(tokens, pads, column, cache, w)
    return self.choose(logits, u, temperature, top_k, top_p)

  def keep(self, rows: Tensor, tensors: List[Tensor]) -> List[Tensor]:
    # The given rows [K] of each tensor [B, ..].
    kept : List[Tensor] = []
    for x in tensors:
      kept.append(torch.index_select(x, 0, rows))
    return kept
