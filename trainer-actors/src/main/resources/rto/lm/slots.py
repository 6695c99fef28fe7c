  # Generation in slots: each sequence has rows of the cache of its own and begins at column 0, so
  # that nothing about it depends on its neighbours.
  #
  # S slots, B of them in use, N tokens of several prompts one after the other, C columns of the
  # cache, W columns that a step looks at; other letters as in decoder.py.
  #
  # p: embedding [V, D]; per layer input norm [D], q k and v as one matrix, o, post-attention norm
  # [D], gate and up as one matrix, down, the four matrices' biases, norm [H+G, E] of q and k; then
  # norm [D], head. What a family lacks is empty. cache: per layer keys and values [S, G, C, E]; then
  # cos and signed sin [C, E] of every position.

  def joined(self, w: List[Tensor], at: int, n: int) -> Tensor:
    # The n tensors from `at` as one, or an empty one if there are none.
    if n == 0:
      return torch.zeros([0])
    return torch.cat(w[at:at + n])

  def packed(self, w: List[Tensor]) -> List[Tensor]:
    p = [w[0]]
    for layer in range(self.layers):
      at = 1 + self.layer_tensors * layer
      p.append(w[at])
      p.append(self.matrix(self.joined(w, at + 1, 3)))
      p.append(self.matrix(w[at + 4]))
      p.append(w[at + 5])
      p.append(self.matrix(self.joined(w, at + 6, 2)))
      p.append(self.matrix(w[at + 8]))
      p.append(self.joined(w, at + self.qkv_bias, 3 if self.qkv_bias >= 0 else 0))
      p.append(self.joined(w, at + self.output_bias, 1 if self.output_bias >= 0 else 0))
      p.append(self.joined(w, at + self.mlp_bias, 2 if self.mlp_bias >= 0 else 0))
      p.append(self.joined(w, at + self.mlp_bias + 2, 1 if self.mlp_bias >= 0 else 0))
      p.append(self.head_norms(w, at))
    p.append(w[1 + self.layer_tensors * self.layers])
    p.append(self.matrix(self.head(w)))
    return p

  def head_norms(self, w: List[Tensor], at: int) -> Tensor:
    if self.qk_norm < 0:
      return torch.zeros([0])
    q = w[at + self.qk_norm].expand(self.query_heads, self.head_size)
    return torch.cat([q, w[at + self.qk_norm + 1].expand(self.kv_heads, self.head_size)])

  def opened(self, slots: int, columns: int, p: List[Tensor]) -> List[Tensor]:
    # An empty cache.
    like = p[0]
    cache : List[Tensor] = []
    for i in range(2 * self.layers):
      cache.append(torch.zeros([slots, self.kv_heads, columns, self.head_size], dtype=like.dtype))
    cos, sin = self.angles(torch.arange(columns), like)
    half = torch.floordiv(self.head_size, 2)
    cache.append(cos)
    cache.append(torch.cat([torch.neg(sin[:, :half]), sin[:, half:]], 1))
    return cache

  def row_asked(self, x: Tensor, cos: Tensor, sin: Tensor, p: List[Tensor],
                at: int) -> Tuple[Tensor, Tensor, Tensor]:
    # Queries [N, H, E], keys and values [N, G, E] of rows x [N, D].
    n = torch.rms_norm(x, [self.hidden_size], p[at], self.norm_eps)
    y = self.product(n, p[at + 1], p[at + 6]).view(x.size(0), -1, self.head_size)
    both = y[:, :self.query_heads + self.kv_heads]
    if self.qk_norm >= 0:
      both = torch.rms_norm(both, [self.head_size], None, self.norm_eps)
      both = torch.mul(both, p[at + 10])
    turned = torch.roll(both, [torch.floordiv(self.head_size, 2)], [2])
    both = torch.add(torch.mul(both, cos), torch.mul(turned, sin))
    return (both[:, :self.query_heads], both[:, self.query_heads:],
            y[:, self.query_heads + self.kv_heads:])

  def row_done(self, x: Tensor, a: Tensor, p: List[Tensor], at: int) -> Tensor:
    # What the heads found, [N, H*E], and then the feed-forward, into the residual stream x [N, D].
    x = torch.add(x, self.product(a, p[at + 2], p[at + 7]))
    n = torch.rms_norm(x, [self.hidden_size], p[at + 3], self.norm_eps)
    y = self.product(n, p[at + 4], p[at + 8])
    f = torch.floordiv(y.size(1), 2)
    gated = torch.mul(torch.silu(y[:, :f]), y[:, f:])
    return torch.add(x, self.product(gated, p[at + 5], p[at + 9]))

  def attended(self, q: Tensor, k: Tensor, v: Tensor, lengths: List[int]) -> Tensor:
    # Each prompt by itself, in memory of its own: the fused kernel's result may depend on where in
    # a batch a sequence is. -> [N, H*E]
    found : List[Tensor] = []
    at = 0
    for n in lengths:
      seen : Optional[Tensor] = None
      if n > self.window:
        seen = self.near(n, q)
      a = torch.scaled_dot_product_attention(self.alone(q[at:at + n]),
                                             self.repeated(self.alone(k[at:at + n])),
                                             self.repeated(self.alone(v[at:at + n])), seen, 0.,
                                             seen is None)
      found.append(torch.reshape(torch.transpose(a[0], 0, 1), [n, -1]))
      at = at + n
    return torch.cat(found)

  def alone(self, x: Tensor) -> Tensor:
    # [n, h, E] -> [1, h, n, E]
    return torch.transpose(x, 0, 1).contiguous()[None]

  def prefilled(self, numbers: Tensor, lengths: List[int], cache: List[Tensor],
                p: List[Tensor]) -> List[Tensor]:
    # Tokens and positions [2, N] of prompts of these lengths -> keys and values [N, G, E] of each
    # layer.
    x = torch.embedding(p[0], numbers[0])
    cos = torch.index_select(cache[2 * self.layers], 0, numbers[1])[:, None]
    sin = torch.index_select(cache[2 * self.layers + 1], 0, numbers[1])[:, None]
    filled : List[Tensor] = []
    for layer in range(self.layers):
      at = 1 + 11 * layer
      q, k, v = self.row_asked(x, cos, sin, p, at)
      filled.append(k)
      filled.append(v)
      if layer + 1 < self.layers:
        x = self.row_done(x, self.attended(q, k, v, lengths), p, at)
    return filled

  def admit(self, slot: int, first: int, length: int, filled: List[Tensor],
            cache: List[Tensor]) -> int:
    # The `length` tokens from `first` of what was prefilled become the beginning of a slot.
    for i in range(2 * self.layers):
      own = filled[i][first:first + length]
      cache[i][slot, :, :length].copy_(torch.transpose(own, 0, 1))
    return length

  def move(self, source: int, slot: int, length: int, cache: List[Tensor]) -> int:
    for i in range(2 * self.layers):
      cache[i][slot, :, :length].copy_(cache[i][source, :, :length])
    return length

  def step(self, numbers: Tensor, u: Tensor, columns: int, temperature: float, top_k: int,
           top_p: float, cache: List[Tensor], p: List[Tensor]) -> Tuple[Tensor, Tensor]:
    # Tokens and positions [2, B] of the first B slots, all within the first W columns: chooses the
    # next tokens [B], with their log-probabilities [B].
    positions = numbers[1]
    x = torch.embedding(p[0], numbers[0])
    cos = torch.index_select(cache[2 * self.layers], 0, positions)[:, None]
    sin = torch.index_select(cache[2 * self.layers + 1], 0, positions)[:, None]
    s, g, c, e = torch.size(cache[0])
    n = g * x.size(0)
    each = torch.reshape(positions[:, None].expand(-1, g), [n, 1])
    place = torch.add(torch.mul(torch.arange(n), c), each[:, 0])
    column = torch.arange(columns)[None]
    unseen = torch.gt(column, each)
    if columns > self.window:
      unseen = torch.logical_or(unseen, torch.le(column, torch.sub(each, self.window)))
    mask = torch.masked_fill(torch.zeros([n, columns], dtype=x.dtype), unseen, float("-inf"))
    mask = mask[:, None]
    for layer in range(self.layers):
      at = 1 + 11 * layer
      q, k, v = self.row_asked(x, cos, sin, p, at)
      keys = cache[2 * layer]
      values = cache[2 * layer + 1]
      keys.view(-1, e).index_copy_(0, place, torch.reshape(k, [n, e]))
      values.view(-1, e).index_copy_(0, place, torch.reshape(v, [n, e]))
      keys = keys.view(-1, c, e)[:n, :columns]
      values = values.view(-1, c, e)[:n, :columns]
      a = torch.baddbmm(mask, torch.reshape(q, [n, -1, e]), torch.transpose(keys, 1, 2), beta=1,
                        alpha=self.attention_scale)
      a = torch.bmm(torch.softmax(a, 2), values)
      x = self.row_done(x, torch.reshape(a, [x.size(0), -1]), p, at)
    last = 1 + 11 * self.layers
    x = torch.rms_norm(x, [self.hidden_size], p[last], self.norm_eps)
    return self.choose(self.product(x, p[last + 1], p[0][:0]), u, temperature, top_k, top_p)
