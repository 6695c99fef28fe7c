  # The operators that DJL's arrays lack, each as a call of its own.

  def silu(self, x: Tensor) -> Tensor:
    return torch.silu(x)

  def causal(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, None, 0., True)

  def masked(self, q: Tensor, k: Tensor, v: Tensor, seen: Tensor) -> Tensor:
    return torch.scaled_dot_product_attention(q, k, v, seen, 0., False)
