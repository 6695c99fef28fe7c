  # A decoder of the Llama kind as TorchScript methods.
  #
  # B sequences, T positions, D hidden size, H query heads, G key-value heads, E head size,
  # F feed-forward size, V vocabulary, N picked positions.
  #
  # w: embedding [V, D]; per layer input norm [D], q [H*E, D], k [G*E, D], v [G*E, D], o [D, H*E],
  # post-attention norm [D], gate [F, D], up [F, D], down [D, F], then what only some families have:
  # biases of q, k and v, bias of o, norms [E] of q and k, biases of gate, up and down; then norm
  # [D]; then the head [V, D] or [1, D] unless it is tied to the embedding. The attributes qkv_bias,
  # output_bias, qk_norm and mlp_bias say where in a layer those begin, or -1.
  # Behind all these there may be an adapter: from lora_first on, lora_tensors per layer, pairs A
  # [r, in] and B [out, r]; lora_pairs says where in a layer's the pair of its i-th tensor begins, or
  # -1. The first `frozen` of w do not learn; nor do dropout's keys behind the pairs, see dropout.py.

  def angles(self, positions: Tensor, like: Tensor) -> Tuple[Tensor, Tensor]:
    # Rotary angles of positions [..] as cos and sin [.., E], in double, rounded once.
    e = torch.arange(0, self.head_size, 2, dtype=7, device=like.device)
    inverse = torch.pow(self.rope_theta, torch.neg(torch.div(e, float(self.head_size))))
    if self.rope_llama3:
      turns = torch.mul(inverse, self.rope_context)
      band = torch.div(torch.sub(turns, self.rope_low), self.rope_high - self.rope_low)
      kept = torch.clamp(band, 0., 1.)
      slowed = torch.div(torch.rsub(kept, 1.), self.rope_factor)
      inverse = torch.mul(inverse, torch.add(kept, slowed))
    elif self.rope_factor != 1.:
      inverse = torch.div(inverse, self.rope_factor)
    a = torch.mul(torch.unsqueeze(positions.to(dtype=7), -1), inverse)
    a = torch.cat([a, a], -1)
    return (torch.cos(a).to(dtype=like.dtype), torch.sin(a).to(dtype=like.dtype))

  def rotate(self, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = torch.floordiv(self.head_size, 2)
    turned = torch.cat([torch.neg(x[..., half:]), x[..., :half]], -1)
    return torch.add(torch.mul(x, cos), torch.mul(turned, sin))

  def pair_of(self, layer: int, weight: int, w: List[Tensor]) -> int:
    # Where in w the low-rank pair of the layer's matrix begins; -1 if it has none, or w none at all.
    if self.lora_tensors == 0 or len(w) <= self.lora_first:
      return -1
    pair = self.lora_pairs[weight]
    if pair < 0:
      return -1
    return self.lora_first + self.lora_tensors * torch.floordiv(layer - 1, self.layer_tensors) + pair

  def linear(self, x: Tensor, w: List[Tensor], layer: int, weight: int, biases: int,
             i: int) -> Tensor:
    # The layer's matrix at its place; with the i-th of the biases that begin at theirs, if any; and
    # with its low-rank pair, if it has one and w brings the pairs: y + (alpha/r) (x A^T) B^T.
    if biases < 0:
      y = torch.linear(x, w[layer + weight])
    else:
      y = torch.linear(x, w[layer + weight], w[layer + biases + i])
    a = self.pair_of(layer, weight, w)
    if a < 0:
      return y
    low = torch.linear(self.pair_input(x, w, layer, weight), w[a])
    change = torch.linear(low, w[a + 1])
    return torch.add(y, change.to(dtype=y.dtype), alpha=self.lora_scale)

  def heads(self, x: Tensor, n: int) -> Tensor:
    # [B, T, n*E] -> [B, n, T, E]
    b, t, d = torch.size(x)
    return torch.transpose(x.view(b, t, n, self.head_size), 1, 2)

  def asked(self, x: Tensor, cos: Tensor, sin: Tensor, w: List[Tensor],
            at: int) -> Tuple[Tensor, Tensor, Tensor]:
    # Queries [B, H, T, E], keys and values [B, G, T, E] of the layer whose tensors begin at `at`.
    n = torch.rms_norm(x, [self.hidden_size], w[at], self.norm_eps)
    q = self.heads(self.linear(n, w, at, 1, self.qkv_bias, 0), self.query_heads)
    k = self.heads(self.linear(n, w, at, 2, self.qkv_bias, 1), self.kv_heads)
    v = self.heads(self.linear(n, w, at, 3, self.qkv_bias, 2), self.kv_heads)
    if self.qk_norm >= 0:
      q = torch.rms_norm(q, [self.head_size], w[at + self.qk_norm], self.norm_eps)
      k = torch.rms_norm(k, [self.head_size], w[at + self.qk_norm + 1], self.norm_eps)
    return (self.rotate(q, cos, sin), self.rotate(k, cos, sin), v)

  def mixed(self, x: Tensor, a: Tensor, w: List[Tensor], at: int) -> Tensor:
    # What the heads found, [B, T, H*E], back into the residual stream [B, T, D].
    return torch.add(x, self.linear(a, w, at, 4, self.output_bias, 0))

  def repeated(self, x: Tensor) -> Tensor:
    # Key-value heads for each query head, so that the fused attention kernel is used.
    if self.query_heads == self.kv_heads:
      return x
    return torch.repeat_interleave(x, torch.floordiv(self.query_heads, self.kv_heads), 1)

  def feed_forward(self, x: Tensor, w: List[Tensor], at: int) -> Tensor:
    n = torch.rms_norm(x, [self.hidden_size], w[at + 5], self.norm_eps)
    gate = torch.silu(self.linear(n, w, at, 6, self.mlp_bias, 0))
    gated = torch.mul(gate, self.linear(n, w, at, 7, self.mlp_bias, 1))
    return torch.add(x, self.linear(gated, w, at, 8, self.mlp_bias, 2))

  def near(self, t: int, like: Tensor) -> Tensor:
    # Which of t columns each of t rows sees, [t, t]: itself and those before it in its window.
    column = torch.arange(t, device=like.device)
    distance = torch.sub(column[:, None], column[None, :])
    return torch.logical_and(torch.ge(distance, 0), torch.lt(distance, self.window))

  def by_libtorch(self, x: Tensor) -> bool:
    # Where oneDNN is not to multiply even if a caller would like it to: on a GPU, and in float16,
    # for which it wants instructions that few processors have.
    return ops.prim.is_cuda(x) or x.dtype == 5

  def attention(self, q: Tensor, k: Tensor, v: Tensor, seen: Optional[Tensor]) -> Tensor:
    # [B, H, T, E] each, to what is seen, or to all that comes before. On a GPU fused kernels round
    # differently each time: of long sequences they add up the gradients as they happen to come, and
    # of short numbers (not float32) cuDNN computes what its thread computed another shape with before.
    if ops.prim.is_cuda(q) and (q.size(2) > 128 or q.dtype != 6):
      return torch._scaled_dot_product_attention_math(q, k, v, seen, 0., seen is None)[0]
    return torch.scaled_dot_product_attention(q, k, v, seen, 0., seen is None)

  def hidden(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
    # Right-padded tokens [B, T] -> [B, T, D]. Padding comes after everything that is read, so
    # the causal mask is all that is needed, and the window where it is shorter than T.
    x = torch.embedding(w[0], tokens)
    b, t, d = torch.size(x)
    seen : Optional[Tensor] = None
    if t > self.window:
      seen = self.near(t, x)
    cos, sin = self.angles(torch.arange(t, device=x.device), x)
    for layer in range(self.layers):
      at = 1 + self.layer_tensors * layer
      q, k, v = self.asked(x, cos, sin, w, at)
      a = self.attention(q, self.repeated(k), self.repeated(v), seen)
      a = torch.reshape(torch.transpose(a, 1, 2), [b, t, -1])
      x = self.mixed(x, a, w, at)
      x = self.feed_forward(x, w, at)
    return self.normed(x, w)

  def normed(self, x: Tensor, w: List[Tensor]) -> Tensor:
    last = w[1 + self.layer_tensors * self.layers]
    return torch.rms_norm(x, [self.hidden_size], last, self.norm_eps)

  def head(self, w: List[Tensor]) -> Tensor:
    if self.tied:
      return w[0]
    return w[2 + self.layer_tensors * self.layers]

  def picked(self, tokens: Tensor, index: Tensor, w: List[Tensor]) -> Tensor:
    # The hidden states [N, D] at flat positions index [N] of [B * T].
    h = self.hidden(tokens, w)
    return torch.index_select(torch.reshape(h, [-1, self.hidden_size]), 0, index)

  def token_log_probs(self, tokens: Tensor, index: Tensor, targets: Tensor, temperature: Tensor,
                      w: List[Tensor]) -> Tensor:
    # log softmax(logits / temperature) of targets [N], each read at its position in index.
    logits = torch.linear(self.picked(tokens, index, w), self.head(w))
    p = torch.log_softmax(torch.div(logits, temperature), 1)
    return torch.squeeze(torch.gather(p, 1, torch.unsqueeze(targets, 1)), 1)

  def scalars(self, tokens: Tensor, index: Tensor, w: List[Tensor]) -> Tensor:
    # The scalar head at flat positions index [N], normalised by the model's own mean and std.
    raw = torch.squeeze(torch.linear(self.picked(tokens, index, w), self.head(w)), 1)
    return torch.div(torch.sub(raw, self.score_mean), self.score_std)

  def output(self, tokens: Tensor, index: Tensor, targets: Tensor, temperature: Tensor,
             w: List[Tensor]) -> Tensor:
    if self.scalar_head:
      return self.scalars(tokens, index, w)
    return self.token_log_probs(tokens, index, targets, temperature, w)

  def logits(self, tokens: Tensor, w: List[Tensor]) -> Tensor:
    # [B, T] -> [B, T, V], float32
    return torch.linear(self.hidden(tokens, w), self.head(w)).to(dtype=6)
