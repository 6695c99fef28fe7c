  # Differentiating by layers, by hand where it pays: every product is a single call, and what is kept of
  # a layer is what its reverse reads, or its input alone. Shapes as in rows.py and head.py; d.. is
  # the gradient of the loss by .., g collects those by w, in w's order. With an adapter nothing but
  # the adapter learns: what g holds at the frozen tensors' places is then no gradient.

  def by_input(self, dy: Tensor, w: Tensor) -> Tensor:
    # y = x w^T: dx = dy w
    if dy.dtype == 6 and not self.by_libtorch(dy):
      return ops.mkldnn._linear_pointwise(dy, torch.t(w), None, "none", [], "")
    return torch.mm(dy, w)

  def by_weight(self, dy: Tensor, x: Tensor) -> Tensor:
    # y = x w^T: dw = dy^T x
    if dy.dtype == 6 and not self.by_libtorch(dy):
      return ops.mkldnn._linear_pointwise(torch.t(dy), torch.t(x), None, "none", [], "")
    return torch.mm(torch.t(dy), x)

  def projected_reverse(self, dy: Tensor, x: Tensor, w: List[Tensor], layer: int, weight: int,
                        biases: int, i: int, g: List[Tensor]) -> Tensor:
    if self.frozen > 0:
      return self.pair_reverse(dy, x, w, layer, weight, g)
    g[layer + weight] = self.by_weight(dy, x)
    if biases >= 0:
      g[layer + biases + i] = torch.sum(dy, [0])
    return self.by_input(dy, w[layer + weight])

  def pair_reverse(self, dy: Tensor, x: Tensor, w: List[Tensor], layer: int, weight: int,
                   g: List[Tensor]) -> Tensor:
    # y = x W^T + s (n A^T) B^T, n = m x: dB = s dy^T (n A^T), dA = s (dy B)^T n,
    # dx = dy W + m s (dy B) A; m is dropout's, 1 without
    dx = self.by_input(dy, w[layer + weight])
    a = self.pair_of(layer, weight, w)
    if a < 0:
      return dx
    factors = self.factors(x, w, layer, weight)
    n = self.dropped(x.to(dtype=6), factors)
    dy32 = torch.mul(dy.to(dtype=w[a].dtype), self.lora_scale)
    dlow = self.by_input(dy32, w[a + 1])
    g[a] = self.by_weight(dlow, n)
    g[a + 1] = self.by_weight(dy32, self.product(n, w[a], None))
    dn = self.dropped(self.by_input(dlow, w[a]), factors)
    return torch.add(dx, dn.to(dtype=dx.dtype))

  def norm_reverse(self, dy: Tensor, x: Tensor, w: Tensor) -> Tuple[Tensor, Tensor]:
    # y = w x r, r = 1 / rms(x), over the last dimension, and u = dy x -> dx, dw. In float32.
    # dw = sum of r u,  dx = dy w r - x r^3 (u . w) / D
    x32 = x.to(dtype=6)
    dy32 = dy.to(dtype=6)
    w32 = w.to(dtype=6)
    d = torch.size(w, 0)
    r = torch.rsqrt(torch.add(torch.mean(torch.mul(x32, x32), [-1], True), self.norm_eps))
    u = torch.mul(dy32, x32)
    dw = torch.mv(torch.t(torch.reshape(u, [-1, d])), torch.reshape(r, [-1]))
    shared = torch.div(torch.mul(torch.pow(r, 3), torch.unsqueeze(torch.matmul(u, w32), -1)), d)
    dx = torch.mul(dy32, w32).mul_(r).addcmul_(x32, shared, value=-1)
    return (dx.to(dtype=x.dtype), dw.to(dtype=w.dtype))

  def head_norm_reverse(self, dy: Tensor, x: Tensor, w: List[Tensor], at: int, i: int,
                        g: List[Tensor]) -> Tensor:
    if self.qk_norm < 0:
      return dy
    dx, dw = self.norm_reverse(dy, x, w[at + self.qk_norm + i])
    g[at + self.qk_norm + i] = dw
    return dx

  def kept_layer(self, x: Tensor, grid: Tensor, asks: List[Tensor], cos: Tensor, sin: Tensor,
                 seen: Optional[Tensor], w: List[Tensor], at: int) -> List[Tensor]:
    # Everything that the reverse of a layer reads, and at the end what the layer puts out.
    q, k, v = self.row_asked(x, grid, asks, w, at)
    leaves = self.leaves([self.turned(self.head_norm(q, w, at, 0), cos, sin),
                          self.turned(self.head_norm(k, w, at, 1), cos, sin), v])
    found = self.attended(leaves[0], leaves[1], leaves[2], seen)
    a = self.off_grid(found.detach(), asks[1])
    y = self.row_mixed(self.of_those(x, asks), a, w, at)
    gate, up = self.row_gates(y, w, at)
    out = self.row_fed(y, gate, up, w, at)
    return [x, q, k, leaves[0], leaves[1], leaves[2], found, a, y, gate, up, out]

  def fed_reverse(self, dout: Tensor, y: Tensor, gate: Tensor, up: Tensor, w: List[Tensor],
                  at: int, g: List[Tensor]) -> Tensor:
    opened = torch.silu(gate)
    gated = torch.mul(opened, up)
    dgated = self.projected_reverse(dout, gated, w, at, 8, self.mlp_bias, 2, g)
    dup = torch.mul(dgated, opened)
    dgate = torch.silu_backward(torch.mul(dgated, up), gate)
    n = self.row_norm(y, w[at + 5])
    dn = torch.add(self.projected_reverse(dgate, n, w, at, 6, self.mlp_bias, 0, g),
                   self.projected_reverse(dup, n, w, at, 7, self.mlp_bias, 1, g))
    dy, dw = self.norm_reverse(dn, y, w[at + 5])
    g[at + 5] = dw
    return torch.add(dout, dy)

  def attended_reverse(self, da: Tensor, grid: Tensor, places: Tensor,
                       kept: List[Tensor]) -> List[Tensor]:
    # By rotated queries, rotated keys and values, on the grid.
    b, t = torch.size(grid)
    spread = torch.new_zeros(da, [b * t, torch.size(da, 1)]).index_copy_(0, places, da)
    dfound : List[Optional[Tensor]] = [
        torch.transpose(spread.view(b, t, self.query_heads, self.head_size), 1, 2)]
    d : List[Tensor] = []
    for each in torch.grad([kept[6]], [kept[3], kept[4], kept[5]], dfound):
      if each is not None:
        d.append(each)
    return d

  def asked_reverse(self, d: List[Tensor], kept: List[Tensor], asks: List[Tensor],
                    places: Tensor, cos: Tensor, sin: Tensor, w: List[Tensor], at: int,
                    g: List[Tensor]) -> Tensor:
    # By the normed rows, from d by what attention took.
    back = torch.neg(sin)
    dq = self.head_norm_reverse(self.turned(d[0], cos, back), kept[1], w, at, 0, g)
    dk = self.head_norm_reverse(self.turned(d[1], cos, back), kept[2], w, at, 1, g)
    n = self.row_norm(kept[0], w[at])
    dn = self.projected_reverse(self.off_grid(dk, places), n, w, at, 2, self.qkv_bias, 1, g)
    dn = torch.add(dn, self.projected_reverse(self.off_grid(d[2], places), n, w, at, 3,
                                              self.qkv_bias, 2, g))
    own = self.projected_reverse(self.off_grid(dq, asks[1]), self.of_those(n, asks), w, at, 1,
                                 self.qkv_bias, 0, g)
    return self.added_to_those(dn, own, asks)

  def added_to_those(self, dx: Tensor, own: Tensor, asks: List[Tensor]) -> Tensor:
    # The reverse of of_those(), added to dx, which is used up.
    if len(asks) == 2:
      return dx.add_(own)
    return dx.index_add_(0, asks[2], own)

  def layer_reverse(self, dout: Tensor, kept: List[Tensor], grid: Tensor, places: Tensor,
                    asks: List[Tensor], cos: Tensor, sin: Tensor, w: List[Tensor], at: int,
                    g: List[Tensor]) -> Tensor:
    dy = self.fed_reverse(dout, kept[8], kept[9], kept[10], w, at, g)
    da = self.projected_reverse(dy, kept[7], w, at, 4, self.output_bias, 0, g)
    d = self.attended_reverse(da, grid, asks[1], kept)
    dn = self.asked_reverse(d, kept, asks, places, cos, sin, w, at, g)
    dx, dw = self.norm_reverse(dn, kept[0], w[at])
    g[at] = dw
    return self.added_to_those(dx, dy, asks)

  def stem_reverse(self, dx: Tensor, tokens: Tensor, w: List[Tensor], g: List[Tensor]) -> None:
    # By the embedding, which may hold the gradient of a tied head already.
    if self.frozen == 0:
      if not self.tied:
        g[0] = torch.zeros_like(w[0], dtype=6)
      dx = dx.to(dtype=6)
      if ops.prim.is_cuda(dx):  # where index_add_ adds up in any order
        g[0].add_(torch.embedding_dense_backward(dx, tokens, torch.size(w[0], 0), -1, False))
      else:
        g[0].index_add_(0, tokens, dx)

  def forward_kept(self, tokens: Tensor, grid: Tensor, places: Tensor, index: Tensor,
                   w: List[Tensor]) -> List[List[Tensor]]:
    # What is kept of each layer, then the rows of index that the last one puts out.
    x = torch.embedding(w[0], tokens)
    cos, sin = self.grid_angles(grid, x)
    seen = self.grid_mask(grid, x)
    layers : List[List[Tensor]] = []
    for layer in range(self.layers):
      asks = self.asking(layer, grid, places, index)
      kept = self.kept_layer(x, grid, asks, cos, sin, seen, w, 1 + self.layer_tensors * layer)
      x = kept[-1]
      if self.checkpoints:
        kept = kept[:1]
      layers.append(kept)
    layers.append([x])
    return layers

  def body_reverse(self, dx: Tensor, layers: List[List[Tensor]], tokens: Tensor, grid: Tensor,
                   places: Tensor, index: Tensor, w: List[Tensor], g: List[Tensor]) -> None:
    # From what the last layer put out down to the embedding; uses up what was kept.
    cos, sin = self.grid_angles(grid, dx)
    seen = self.grid_mask(grid, dx)
    for i in range(self.layers):
      layer = self.layers - 1 - i
      at = 1 + self.layer_tensors * layer
      asks = self.asking(layer, grid, places, index)
      kept = layers.pop()
      if self.checkpoints:
        kept = self.kept_layer(kept[0], grid, asks, cos, sin, seen, w, at)
      dx = self.layer_reverse(dx, kept, grid, places, asks, cos, sin, w, at, g)
    self.stem_reverse(dx, tokens, w, g)

  def last_reverse(self, dh: Tensor, dhead: Tensor, x: Tensor, w: List[Tensor],
                   g: List[Tensor]) -> Tensor:
    # Through the norm before the head; returns the gradient by what the last layer put out.
    last = 1 + self.layer_tensors * self.layers
    if self.tied:
      g[0] = dhead
    else:
      g[last + 1] = dhead
    dx, dw = self.norm_reverse(dh, x, w[last])
    g[last] = dw
    return dx

  def unfilled(self, w: List[Tensor]) -> List[Tensor]:
    # A list as long as w, to be filled with gradients.
    g : List[Tensor] = []
    for each in w:
      g.append(each)
    return g

  def gradients_from(self, by_head: Tuple[List[Tensor], Tensor, Tensor],
                     layers: List[List[Tensor]], x: Tensor, tokens: Tensor, grid: Tensor,
                     places: Tensor, index: Tensor, w: List[Tensor]) -> List[Tensor]:
    # The rest of the way once the reverse has passed the head.
    results, dh, dhead = by_head
    g = self.unfilled(w)
    dx = self.last_reverse(dh, dhead, x, w, g)
    self.body_reverse(dx, layers, tokens, grid, places, index, w, g)
    return self.unscaled(results, [each.to(dtype=6) for each in self.learners(g)])

  def unscaled(self, results: List[Tensor], g: List[Tensor]) -> List[Tensor]:
    # See objective_reverse() in head_reverse.py.
    if self.scaled:
      torch._foreach_div_(g, results.pop())
    return results + g

  def gradients_by_layers(self, tokens: Tensor, grid: Tensor, places: Tensor, index: Tensor,
                          targets: Tensor, temperature: Tensor, columns: List[Tensor],
                          w: List[Tensor]) -> List[Tensor]:
    # [loss, metrics.., d loss / d w..] of those w that learn, as gradients() in training.py.
    w = self.with_read_keys(w, index)
    layers = self.forward_kept(tokens, grid, places, index, w)
    x = layers.pop()[0]
    by_head = self.head_pass(self.normed(x, w), targets, temperature, columns, self.head(w))
    return self.gradients_from(by_head, layers, x, tokens, grid, places, index, w)

  def gradients_by_layers_against(self, tokens: Tensor, grid: Tensor, places: Tensor,
                                  index: Tensor, targets: Tensor, temperature: Tensor,
                                  columns: List[Tensor], reference: List[Tensor],
                                  w: List[Tensor]) -> List[Tensor]:
    # The same with the output of compared().
    w = self.with_read_keys(w, index)
    frozen = self.normed(self.row_hidden(tokens, grid, places, index, reference), reference)
    layers = self.forward_kept(tokens, grid, places, index, w)
    x = layers.pop()[0]
    by_head = self.compared_pass(self.normed(x, w), frozen, targets, temperature, columns,
                                 self.head(w), self.head(reference))
    return self.gradients_from(by_head, layers, x, tokens, grid, places, index, w)
