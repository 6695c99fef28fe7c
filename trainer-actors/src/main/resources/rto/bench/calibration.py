  # What the machine can do: matrix products, reading, and calls that do nothing.

  def plain(self, w: Tensor, rows: int) -> Tensor:
    return w

  def packed(self, w: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(w, rows)

  def packed_bfloat16(self, w: Tensor, rows: int) -> Tensor:
    return ops.mkldnn._reorder_linear_weight(w.to(dtype=15), rows)

  def bfloat16(self, w: Tensor, rows: int) -> Tensor:
    return w.to(dtype=15)

  def float16(self, w: Tensor, rows: int) -> Tensor:
    return w.to(dtype=5)

  def multiply(self, x: Tensor, w: Tensor, times: int) -> Tensor:
    y = torch.linear(x, w)
    for i in range(times - 1):
      y = torch.linear(x, w)
    return y

  def multiply_onednn(self, x: Tensor, w: Tensor, times: int) -> Tensor:
    y = ops.mkldnn._linear_pointwise(x, w, None, "none", [], "")
    for i in range(times - 1):
      y = ops.mkldnn._linear_pointwise(x, w, None, "none", [], "")
    return y

  def read(self, x: Tensor, times: int) -> Tensor:
    y = torch.sum(x)
    for i in range(times - 1):
      y = torch.sum(x)
    return y

  def operators(self, x: Tensor, times: int) -> Tensor:
    y = torch.neg(x)
    for i in range(times - 1):
      y = torch.neg(x)
    return y

  def nothing(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return x
