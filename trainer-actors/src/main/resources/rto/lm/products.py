  # Products of rows with matrices, of which many are multiplied by the same.

  def matrix(self, w: Tensor) -> Tensor:
    # [out, in]; where oneDNN multiplies, in its layout for 32 rows, which serves any number of rows.
    if self.by_libtorch(w):
      return w
    return ops.mkldnn._reorder_linear_weight(w, 32)

  def product(self, x: Tensor, w: Tensor, bias: Tensor, biased: bool) -> Tensor:
    # x [N, in] times the matrix -> [N, out], and a bias if there is one.
    added : Optional[Tensor] = None
    if biased:
      added = bias
    if self.by_libtorch(x):
      return torch.linear(x, w, added)
    return ops.mkldnn._linear_pointwise(x, w, added, "none", [], "")
