  # Keys and values of generation in slots, read as bags of an embedding: on a CPU at the rate at which
  # memory is read, where a batch of products of one row each takes twice as long. Keys lie 32 columns
  # at a time, [S, G, C/32, E, 32]; other letters as in slots.py.

  def keys_shape(self, slots: int, columns: int) -> List[int]:
    return [slots, self.kv_heads, torch.floordiv(columns, 32), self.head_size, 32]

  def admit_keys(self, k: Tensor, slot: int, keys: Tensor) -> None:
    # k [n, G, E] become the beginning of a slot.
    n = k.size(0)
    blocks = torch.floordiv(n + 31, 32)
    k = torch.constant_pad_nd(k, [0, 0, 0, 0, 0, blocks * 32 - n], 0)
    k = k.view(blocks, 32, self.kv_heads, self.head_size)
    keys[slot, :, :blocks].copy_(k.permute(2, 0, 3, 1))

  def move_keys(self, source: int, slot: int, length: int, keys: Tensor) -> None:
    blocks = torch.floordiv(length + 31, 32)
    keys[slot, :, :blocks].copy_(keys[source, :, :blocks])

  def bags(self, place: Tensor, b: int, columns: int, cache: List[Tensor]) -> List[Tensor]:
    # What the H heads of the first B slots look at: rows of the keys and where each bag begins, and
    # the same of the values; then at which numbers keys are written, those whose values are written
    # to the rows `place`.
    s, g, c, e = torch.size(cache[1])
    device = cache[1].device
    each = torch.floordiv(self.query_heads, g)
    head = torch.floor_divide(torch.arange(b * self.query_heads, device=device), each)[:, None]
    block = torch.add(torch.mul(head, torch.floordiv(c, 32)),
                      torch.arange(torch.floordiv(columns, 32), device=device))
    row = torch.add(torch.unsqueeze(torch.mul(block, e), 2), torch.arange(e, device=device))
    column = torch.add(torch.mul(head, c), torch.arange(columns, device=device))
    first = torch.mul(torch.floor_divide(place, 32), 32 * e)
    first = torch.add(first, torch.remainder(place, 32))
    number = torch.add(first[:, None], torch.arange(0, 32 * e, 32, device=device))
    return [torch.reshape(row, [-1]), torch.arange(0, torch.numel(row), e, device=device),
            torch.reshape(column, [-1]),
            torch.arange(0, torch.numel(column), columns, device=device),
            torch.reshape(number, [-1])]

  def keep_keys(self, k: Tensor, layer: int, bags: List[Tensor], cache: List[Tensor]) -> None:
    # k [B, G, E].
    cache[2 * layer].view(-1).scatter_(0, bags[4], torch.reshape(k, [-1]))

  def weighted(self, rows: Tensor, bags: List[Tensor], first: int, weights: Tensor) -> Tensor:
    # The sum of each bag's rows, weighted: one after the other, whatever is in the other bags.
    return torch.embedding_bag(rows, bags[first], bags[first + 1], False, 0, False,
                               torch.reshape(weights, [-1]), False)[0]

  def scores(self, q: Tensor, mask: Tensor, layer: int, bags: List[Tensor],
             cache: List[Tensor]) -> Tensor:
    # Of queries [B, H, E], each a sum of its columns of keys, weighted by it. -> [B, H, W]
    b, h, e = torch.size(q)
    columns = torch.size(mask, 2)
    spread = torch.unsqueeze(q, 2).expand(b, h, torch.floordiv(columns, 32), e)
    found = self.weighted(cache[2 * layer].view(-1, 32), bags, 0, spread).view(b, h, columns)
    return torch.add(mask, found, alpha=self.attention_scale)

  def summed(self, a: Tensor, layer: int, bags: List[Tensor], cache: List[Tensor]) -> Tensor:
    # The values, weighted by a [B, H, W]. -> [B, H*E]
    values = cache[2 * layer + 1].view(-1, self.head_size)
    return self.weighted(values, bags, 2, a).view(a.size(0), -1)
