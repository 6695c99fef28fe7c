  # Products of rows with matrices by oneDNN, whose layout of a matrix is made once.

  def matrix(self, w: Tensor) -> Tensor:
    # [out, in] in oneDNN's layout for 32 rows, which serves any number of rows.
    return ops.mkldnn._reorder_linear_weight(w, 32)

  def product(self, x: Tensor, w: Tensor, bias: Tensor) -> Tensor:
    # x [N, in] times the matrix -> [N, out]; an empty bias is none.
    if bias.numel() == 0:
      return ops.mkldnn._linear_pointwise(x, w, None, "none", [], "")
    return ops.mkldnn._linear_pointwise(x, w, bias, "none", [], "")
