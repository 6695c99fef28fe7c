  # Keys and values of generation in slots, read by batches of products, which a GPU is fastest with.
  # Keys [S, G, C, E]; other letters as in slots.py.

  def keys_shape(self, slots: int, columns: int) -> List[int]:
    return [slots, self.kv_heads, columns, self.head_size]

  def admit_keys(self, k: Tensor, slot: int, keys: Tensor) -> None:
    # k [n, G, E] become the beginning of a slot.
    keys[slot, :, :k.size(0)].copy_(torch.transpose(k, 0, 1))

  def move_keys(self, source: int, slot: int, length: int, keys: Tensor) -> None:
    keys[slot, :, :length].copy_(keys[source, :, :length])

  def bags(self, place: Tensor, b: int, columns: int, cache: List[Tensor]) -> List[Tensor]:
    # In which rows the keys are written, those of the values.
    return [place]

  def keep_keys(self, k: Tensor, layer: int, bags: List[Tensor], cache: List[Tensor]) -> None:
    # k [B, G, E].
    keys = cache[2 * layer].view(-1, self.head_size)
    keys.index_copy_(0, bags[0], torch.reshape(k, [-1, self.head_size]))

  def scores(self, q: Tensor, mask: Tensor, layer: int, bags: List[Tensor],
             cache: List[Tensor]) -> Tensor:
    # Of queries [B, H, E]. -> [B, H, W]
    s, g, c, e = torch.size(cache[2 * layer])
    b, one, columns = torch.size(mask)
    keys = torch.as_strided(cache[2 * layer], [b * g, e, columns], [c * e, 1, e], 0)
    unseen = torch.reshape(mask.expand(b, g, columns), [b * g, 1, columns])
    found = torch.baddbmm(unseen, torch.reshape(q, [b * g, -1, e]), keys, beta=1,
                          alpha=self.attention_scale)
    return found.view(b, -1, columns)

  def summed(self, a: Tensor, layer: int, bags: List[Tensor], cache: List[Tensor]) -> Tensor:
    # The values, weighted by a [B, H, W]. -> [B, H*E]
    s, g, c, e = torch.size(cache[2 * layer + 1])
    b, h, columns = torch.size(a)
    values = torch.as_strided(cache[2 * layer + 1], [b * g, columns, e], [c * e, e, 1], 0)
    return torch.bmm(torch.reshape(a, [b * g, -1, columns]), values).view(b, -1)
