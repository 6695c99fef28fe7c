  # The decoder on rows: the tokens of a batch one after the other, R of them, without padding.
  #
  # Attention alone sees the grid [B, T] of sequences by positions: `grid` [B, T] says which row
  # stands at each of its places (padding, at the end of a sequence: any row), `places` [R] at which
  # of its B * T places each row stands. Padding comes after everything that is read, so the causal
  # mask hides it. Of the last layer only keys and values are computed at every row, all else where
  # it is read: at rows `index` [N]. Other letters as in decoder.py.
  #
  # asks: grid and places of the rows that ask, all or those read, and in the latter case their index.

  def product(self, x: Tensor, w: Tensor, bias: Optional[Tensor]) -> Tensor:
    # x [R, in] times w [out, in] -> [R, out]. oneDNN's float32 product knows no autograd.
    if x.dtype == 6 and not self.by_libtorch(x):
      return ops.mkldnn._linear_pointwise(x, w, bias, "none", [], "")
    return torch.linear(x, w, bias)

  def projected(self, x: Tensor, w: List[Tensor], layer: int, weight: int, biases: int,
                i: int) -> Tensor:
    # As linear() in decoder.py.
    if biases < 0:
      y = self.product(x, w[layer + weight], None)
    else:
      y = self.product(x, w[layer + weight], w[layer + biases + i])
    a = self.pair_of(layer, weight, w)
    if a < 0:
      return y
    low = self.product(self.pair_input(x, w, layer, weight), w[a], None)
    change = self.product(low, w[a + 1], None)
    return torch.add(y, change.to(dtype=y.dtype), alpha=self.lora_scale)

  def on_grid(self, x: Tensor, grid: Tensor, n: int) -> Tensor:
    # [R, n*E] -> [B, n, T, E]
    b, t = torch.size(grid)
    spread = torch.index_select(x, 0, grid.view(-1))
    return torch.transpose(spread.view(b, t, n, self.head_size), 1, 2)

  def off_grid(self, x: Tensor, places: Tensor) -> Tensor:
    # [B, n, T, E] -> [R, n*E]
    b, n, t, e = torch.size(x)
    return torch.index_select(torch.reshape(torch.transpose(x, 1, 2), [b * t, n * e]), 0, places)

  def grid_angles(self, grid: Tensor, x: Tensor) -> Tuple[Tensor, Tensor]:
    # cos and signed sin [T, E].
    cos, sin = self.angles(torch.arange(torch.size(grid, 1), device=x.device), x)
    half = torch.floordiv(self.head_size, 2)
    return (cos, torch.cat([torch.neg(sin[:, :half]), sin[:, half:]], 1))

  def turned(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    # As rotate() in decoder.py, with a signed sin.
    half = torch.floordiv(self.head_size, 2)
    other = torch.cat([x[..., half:], x[..., :half]], -1)
    return torch.mul(x, cos).addcmul_(other, sin)

  def grid_mask(self, grid: Tensor, x: Tensor) -> Optional[Tensor]:
    # What each position sees, where the causal mask is not all.
    t = torch.size(grid, 1)
    seen : Optional[Tensor] = None
    if t > self.window:
      seen = self.near(t, x)
    return seen

  def row_norm(self, x: Tensor, w: Tensor) -> Tensor:
    return torch.rms_norm(x, [torch.size(w, 0)], w, self.norm_eps)

  def head_norm(self, x: Tensor, w: List[Tensor], at: int, i: int) -> Tensor:
    # Queries (i = 0) or keys (1) as they are rotated.
    if self.qk_norm < 0:
      return x
    return self.row_norm(x, w[at + self.qk_norm + i])

  def asking(self, layer: int, grid: Tensor, places: Tensor, index: Tensor) -> List[Tensor]:
    if layer + 1 < self.layers:
      return [grid, places]
    own = torch.index_select(places, 0, index)
    row = torch.zeros_like(grid.view(-1))
    row.index_copy_(0, own, torch.arange(torch.size(index, 0), device=grid.device))
    return [row.view(torch.size(grid)), own, index]

  def of_those(self, x: Tensor, asks: List[Tensor]) -> Tensor:
    # The rows that ask.
    if len(asks) == 2:
      return x
    return torch.index_select(x, 0, asks[2])

  def row_asked(self, x: Tensor, grid: Tensor, asks: List[Tensor], w: List[Tensor],
                at: int) -> Tuple[Tensor, Tensor, Tensor]:
    # Queries [B, H, T, E], keys and values [B, G, T, E], neither normed nor rotated.
    n = self.row_norm(x, w[at])
    own = self.of_those(n, asks)
    q = self.on_grid(self.projected(own, w, at, 1, self.qkv_bias, 0), asks[0], self.query_heads)
    k = self.on_grid(self.projected(n, w, at, 2, self.qkv_bias, 1), grid, self.kv_heads)
    v = self.on_grid(self.projected(n, w, at, 3, self.qkv_bias, 2), grid, self.kv_heads)
    return (q, k, v)

  def attended(self, q: Tensor, k: Tensor, v: Tensor, seen: Optional[Tensor]) -> Tensor:
    return self.attention(q, self.repeated(k), self.repeated(v), seen)

  def row_gates(self, y: Tensor, w: List[Tensor], at: int) -> Tuple[Tensor, Tensor]:
    n = self.row_norm(y, w[at + 5])
    return (self.projected(n, w, at, 6, self.mlp_bias, 0),
            self.projected(n, w, at, 7, self.mlp_bias, 1))

  def row_mixed(self, x: Tensor, a: Tensor, w: List[Tensor], at: int) -> Tensor:
    return torch.add(x, self.projected(a, w, at, 4, self.output_bias, 0))

  def row_fed(self, y: Tensor, gate: Tensor, up: Tensor, w: List[Tensor], at: int) -> Tensor:
    gated = torch.mul(torch.silu(gate), up)
    return torch.add(y, self.projected(gated, w, at, 8, self.mlp_bias, 2))

  def row_hidden(self, tokens: Tensor, grid: Tensor, places: Tensor, index: Tensor,
                 w: List[Tensor]) -> Tensor:
    # Tokens [R] -> the rows of index in the stream before the last norm, [N, D].
    x = torch.embedding(w[0], tokens)
    cos, sin = self.grid_angles(grid, x)
    seen = self.grid_mask(grid, x)
    for layer in range(self.layers):
      at = 1 + self.layer_tensors * layer
      asks = self.asking(layer, grid, places, index)
      q, k, v = self.row_asked(x, grid, asks, w, at)
      q = self.turned(self.head_norm(q, w, at, 0), cos, sin)
      k = self.turned(self.head_norm(k, w, at, 1), cos, sin)
      a = self.off_grid(self.attended(q, k, v, seen), asks[1])
      y = self.row_mixed(self.of_those(x, asks), a, w, at)
      gate, up = self.row_gates(y, w, at)
      x = self.row_fed(y, gate, up, w, at)
    return x

  def row_output(self, tokens: Tensor, grid: Tensor, places: Tensor, index: Tensor,
                 targets: Tensor, temperature: Tensor, w: List[Tensor]) -> Tensor:
    # As output() in decoder.py.
    h = self.normed(self.row_hidden(tokens, grid, places, index, w), w)
    return self.head_output(h, targets, temperature, self.head(w))
