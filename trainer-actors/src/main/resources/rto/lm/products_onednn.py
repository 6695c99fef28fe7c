  # Products of rows with matrices by oneDNN, whose layout of a matrix is made once.

  def matrix(self, w: Tensor) -> Tensor:
    # [out, in] in oneDNN's layout for 32 rows, which serves any number of rows.
    return ops.mkldnn._reorder_linear_weight(w, 32)

  def product(self, x: Tensor, w: Tensor, bias: Tensor, biased: bool) -> Tensor:
    # x [N, in] times the matrix -> [N, out], and a bias if there is one.
    if not biased:
      return ops.mkldnn._linear_pointwise(x, w, None, "none", [], "")
    return ops.mkldnn._linear_pointwise(x, w, bias, "none", [], "")
