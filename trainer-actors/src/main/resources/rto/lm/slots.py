  # Generation in slots: each sequence has rows of the cache of its own and begins at column 0, so
  # that nothing about it depends on its neighbours.
  #
  # S slots, B of them in use, N tokens of several prompts one after the other, C columns of the
  # cache, W columns that a step looks at; other letters as in decoder.py.
  #
  # p: embedding [V, D]; per layer input norm [D], q k and v as one matrix, o, post-attention norm
  # [D], gate and up as one matrix, down, the four matrices' biases, norm [H+G, E] of q and k; then
  # norm [D], head. What a family lacks is empty. cache: per layer keys, as slots_bags.py or
  # slots_products.py wants them, and values [S, G, C, E]; then cos and signed sin [C, E] of every
  # position.

  def joined(self, w: List[Tensor], at: int, n: int) -> Tensor:
    # The n tensors from `at` as one, or an empty one if there are none.
    if n == 0:
      return torch.zeros([0], device=w[0].device)
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
      return torch.zeros([0], device=w[0].device)
    q = w[at + self.qk_norm].expand(self.query_heads, self.head_size)
    return torch.cat([q, w[at + self.qk_norm + 1].expand(self.kv_heads, self.head_size)])

  def opened(self, slots: int, columns: int, p: List[Tensor]) -> List[Tensor]:
    # An empty cache.
    cache : List[Tensor] = []
    for i in range(self.layers):
      cache.append(torch.new_zeros(p[0], self.keys_shape(slots, columns)))
      cache.append(torch.new_zeros(p[0], [slots, self.kv_heads, columns, self.head_size]))
    cos, sin = self.angles(torch.arange(columns, device=p[0].device), p[0])
    half = torch.floordiv(self.head_size, 2)
    cache.append(cos)
    cache.append(torch.cat([torch.neg(sin[:, :half]), sin[:, half:]], 1))
    return cache

  def turns(self, positions: Tensor, cache: List[Tensor]) -> Tuple[Tensor, Tensor]:
    # cos and signed sin of positions [N] for queries, keys and values, [N, H+2G, E]: values stay.
    cos = torch.index_select(cache[2 * self.layers], 0, positions)[:, None]
    sin = torch.index_select(cache[2 * self.layers + 1], 0, positions)[:, None]
    turned = self.query_heads + self.kv_heads
    still = torch.zeros([positions.size(0), self.kv_heads, self.head_size], dtype=cos.dtype,
                        device=cos.device)
    return (torch.cat([cos.expand(-1, turned, -1), torch.add(still, 1)], 1),
            torch.cat([sin.expand(-1, turned, -1), still], 1))

  def row_asked(self, x: Tensor, cos: Tensor, sin: Tensor, p: List[Tensor],
                at: int) -> List[Tensor]:
    # Queries [N, H, E], and keys and values [N, 2G, E], of rows x [N, D].
    n = torch.rms_norm(x, [self.hidden_size], p[at], self.norm_eps)
    y = self.product(n, p[at + 1], p[at + 6], self.qkv_bias >= 0)
    y = y.view(-1, self.query_heads + 2 * self.kv_heads, self.head_size)
    if self.qk_norm >= 0:
      y = self.heads_normed(y, p[at + 10])
    half = torch.floordiv(self.head_size, 2)
    turned = torch.cat([torch.narrow(y, 2, half, half), torch.narrow(y, 2, 0, half)], 2)
    y = torch.mul(y, cos).add_(turned.mul_(sin))
    return torch.split_with_sizes(y, [self.query_heads, 2 * self.kv_heads], 1)

  def heads_normed(self, y: Tensor, weight: Tensor) -> Tensor:
    # All but the values of y [N, H+2G, E], each head by itself.
    parts = torch.split_with_sizes(y, [self.query_heads + self.kv_heads, self.kv_heads], 1)
    normed = torch.rms_norm(parts[0], [self.head_size], None, self.norm_eps)
    return torch.cat([torch.mul(normed, weight), parts[1]], 1)

  def row_done(self, x: Tensor, a: Tensor, p: List[Tensor], at: int) -> Tensor:
    # What the heads found, [N, H*E], and then the feed-forward, into the residual stream x [N, D].
    x = torch.add(x, self.product(a, p[at + 2], p[at + 7], self.output_bias >= 0))
    n = torch.rms_norm(x, [self.hidden_size], p[at + 3], self.norm_eps)
    y = self.product(n, p[at + 4], p[at + 8], self.mlp_bias >= 0)
    f = torch.floordiv(y.size(1), 2)
    gated = torch.mul(torch.silu(torch.narrow(y, 1, 0, f)), torch.narrow(y, 1, f, f))
    return torch.add(x, self.product(gated, p[at + 5], p[at + 9], self.mlp_bias >= 0))

  def attended(self, q: Tensor, kv: Tensor, lengths: List[int]) -> Tensor:
    # Each prompt by itself, in memory of its own: the fused kernel's result may depend on where in
    # a batch a sequence is. -> [N, H*E]
    found : List[Tensor] = []
    at = 0
    for n in lengths:
      seen : Optional[Tensor] = None
      if n > self.window:
        seen = self.near(n, q)
      k = self.repeated(self.alone(kv[at:at + n, :self.kv_heads]))
      v = self.repeated(self.alone(kv[at:at + n, self.kv_heads:]))
      a = self.attention(self.alone(q[at:at + n]), k, v, seen)
      found.append(torch.reshape(torch.transpose(a[0], 0, 1), [n, -1]))
      at = at + n
    return torch.cat(found)

  def alone(self, x: Tensor) -> Tensor:
    # [n, h, E] -> [1, h, n, E]
    return torch.transpose(x, 0, 1).contiguous()[None]

  def prefilled(self, numbers: Tensor, lengths: List[int], cache: List[Tensor],
                p: List[Tensor]) -> List[Tensor]:
    # Tokens and positions [2, N] of prompts of these lengths -> keys and values [N, 2G, E] of each
    # layer.
    x = torch.embedding(p[0], numbers[0])
    cos, sin = self.turns(numbers[1], cache)
    filled : List[Tensor] = []
    for layer in range(self.layers):
      at = 1 + 11 * layer
      asked = self.row_asked(x, cos, sin, p, at)
      filled.append(asked[1])
      if layer + 1 < self.layers:
        x = self.row_done(x, self.attended(asked[0], asked[1], lengths), p, at)
    return filled

  def admit(self, slot: int, first: int, length: int, filled: List[Tensor],
            cache: List[Tensor]) -> int:
    # The `length` tokens from `first` of what was prefilled become the beginning of a slot.
    for i in range(self.layers):
      own = filled[i][first:first + length]
      self.admit_keys(own[:, :self.kv_heads], slot, cache[2 * i])
      v = torch.transpose(own[:, self.kv_heads:], 0, 1)
      cache[2 * i + 1][slot, :, :length].copy_(v)
    return length

  def move(self, source: int, slot: int, length: int, cache: List[Tensor]) -> int:
    for i in range(self.layers):
      self.move_keys(source, slot, length, cache[2 * i])
      v = cache[2 * i + 1]
      v[slot, :, :length].copy_(v[source, :, :length])
    return length

  def places(self, positions: Tensor, cache: List[Tensor]) -> Tensor:
    # In which rows of the values those [B, G, E] of these positions [B] of the first B slots are
    # written.
    s, g, c, e = torch.size(cache[1])
    at = torch.arange(positions.size(0) * g, device=positions.device).view(-1, g)
    return torch.reshape(torch.add(torch.mul(at, c), torch.unsqueeze(positions, 1)), [-1])

  def step(self, numbers: Tensor, u: Tensor, columns: int, temperature: float, top_k: int,
           top_p: float, cache: List[Tensor], p: List[Tensor]) -> Tuple[Tensor, Tensor]:
    # Tokens and positions [2, B] of the first B slots, all within the first W columns: chooses the
    # next tokens [B], with their log-probabilities [B].
    positions = numbers[1]
    x = torch.embedding(p[0], numbers[0])
    cos, sin = self.turns(positions, cache)
    place = self.places(positions, cache)
    bags = self.bags(place, x.size(0), columns, cache)
    mask = self.mask(positions[:, None], columns, x)
    for layer in range(self.layers):
      at = 1 + 11 * layer
      asked = self.row_asked(x, cos, sin, p, at)
      k, v = torch.split_with_sizes(asked[1], [self.kv_heads, self.kv_heads], 1)
      self.keep_keys(k, layer, bags, cache)
      values = cache[2 * layer + 1].view(-1, self.head_size)
      values.index_copy_(0, place, torch.reshape(v, [-1, self.head_size]))
      a = torch.softmax(self.scores(asked[0], mask, layer, bags, cache), 2, 6)
      found = self.summed(a.to(dtype=x.dtype), layer, bags, cache)
      x = self.row_done(x, found, p, at)
    last = 1 + 11 * self.layers
    x = torch.rms_norm(x, [self.hidden_size], p[last], self.norm_eps)
    return self.choose(self.product(x, p[last + 1], x, False), u, temperature, top_k, top_p)

  def mask(self, each: Tensor, columns: int, like: Tensor) -> Tensor:
    # What to add to scores of W columns, for sequences whose last positions are each [B, 1]: -inf
    # behind them and before their window. -> [B, 1, W]
    column = torch.arange(columns, device=like.device)[None]
    unseen = torch.gt(column, each)
    if columns > self.window:
      unseen = torch.logical_or(unseen, torch.le(column, torch.sub(each, self.window)))
    mask = torch.zeros([each.size(0), columns], dtype=like.dtype, device=like.device)
    return torch.masked_fill(mask, unseen, float("-inf"))[:, None]
