  # Dropout before the pairs of an adapter, in the passes that are differentiated. What is dropped is a
  # function of addresses, so that a pass and its reverse, however cut and ordered, see the same:
  #
  #   r = mix(mix(key, place of the matrix in w), c / 4) of the token's key and the channel c
  #   channel c is dropped if the (c % 4)-th 16 bits of r, signed, are less than lora_dropped - 2^15
  #
  # with mix as CounterRandom.of in Java. The keys, [..] for inputs [.., in], stand in w behind the
  # pairs, wherever lora_dropped is not 0; in passes by rows, those of the rows read behind all.

  def keys_at(self) -> int:
    return self.lora_first + self.lora_tensors * self.layers

  def learners(self, w: List[Tensor]) -> List[Tensor]:
    # Those of w that learn.
    if self.lora_dropped > 0:
      return w[self.frozen:self.keys_at()]
    return w[self.frozen:]

  def with_read_keys(self, w: List[Tensor], index: Tensor) -> List[Tensor]:
    # And the keys of the rows of index, which ask in the last layer.
    if self.lora_dropped == 0:
      return w
    return w + [torch.index_select(w[-1], 0, index)]

  def keys_of(self, x: Tensor, w: List[Tensor]) -> Tensor:
    # As many rows are read as there are only if all are.
    keys = w[self.keys_at()]
    if torch.size(keys, 0) == torch.size(x, 0):
      return keys
    return w[self.keys_at() + 1]

  def counted(self, seed: Tensor, key: Tensor) -> Tensor:
    # The key-th output of SplitMix64, seeded; a shift of a signed number brings in its sign.
    z = torch.add(seed, torch.mul(torch.add(key, 1), -7046029254386353131))
    z.bitwise_xor_(torch.bitwise_and(torch.bitwise_right_shift(z, 30), 17179869183))
    z.mul_(-4658895280553007687)
    z.bitwise_xor_(torch.bitwise_and(torch.bitwise_right_shift(z, 27), 137438953471))
    z.mul_(-7723592293110705685)
    return z.bitwise_xor_(torch.bitwise_and(torch.bitwise_right_shift(z, 31), 8589934591))

  def kept(self, place: int, channels: int, keys: Tensor) -> Tensor:
    # What the inputs of the matrix at this place are multiplied by: [.., in], 0 or 1 / (1 - p).
    matrix = self.counted(keys, torch.full_like(keys, place))
    quarter = torch.arange(torch.floordiv(channels + 3, 4), device=keys.device)
    bits = torch.view_copy(self.counted(torch.unsqueeze(matrix, -1), quarter), dtype=2)
    stays = torch.ge(bits[..., :channels], self.lora_dropped - 32768)
    return torch.mul(stays.to(dtype=6), 65536. / float(65536 - self.lora_dropped))

  def pair_input(self, x: Tensor, w: List[Tensor], layer: int, weight: int) -> Tensor:
    # What the pair of the layer's matrix reads of x [.., in], in the numbers of the pair.
    x = x.to(dtype=6)
    if self.lora_dropped == 0:
      return x
    return torch.mul(x, self.kept(layer + weight, torch.size(x, -1), self.keys_of(x, w)))

  def pair_input_reverse(self, dx: Tensor, w: List[Tensor], layer: int, weight: int) -> Tensor:
    if self.lora_dropped == 0:
      return dx
    return torch.mul(dx, self.kept(layer + weight, torch.size(dx, -1), self.keys_of(dx, w)))
