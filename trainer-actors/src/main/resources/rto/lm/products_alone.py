  # Products for one sequence alone. They take as long as the matrices take to be read, and libtorch
  # reads one with more outputs than inputs faster, if it lies transposed, than oneDNN its own layout.
  # It rounds otherwise, and a row by how many there are.

  def matrix(self, w: Tensor) -> Tensor:
    # [out, in]; in oneDNN's layout, or as [in, out].
    if self.by_libtorch(w):
      return w
    if w.dtype == 6 and torch.size(w, 0) > torch.size(w, 1):
      return torch.t(w).contiguous()
    return ops.mkldnn._reorder_linear_weight(w, 32)

  def product(self, x: Tensor, w: Tensor, bias: Tensor, biased: bool) -> Tensor:
    # As in products.py.
    added : Optional[Tensor] = None
    if biased:
      added = bias
    if self.by_libtorch(x):
      return torch.linear(x, w, added)
    if ops.prim.is_mkldnn(w):
      return ops.mkldnn._linear_pointwise(x, w, added, "none", [], "")
    return torch.linear(x, torch.t(w), added)
