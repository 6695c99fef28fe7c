  # AdamW with decoupled weight decay (Loshchilov and Hutter, arXiv:1711.05101) on lists of tensors.

  def add(self, total: List[Tensor], g: List[Tensor]) -> Tensor:
    torch._foreach_add_(total, g)
    return total[0]

  def squared_norm(self, g: List[Tensor]) -> Tensor:
    total = torch.zeros([], dtype=7, device=g[0].device)
    for x in g:
      total = torch.add(total, torch.sum(torch.mul(x, x)).to(dtype=7))
    return total

  def step(self, w: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: int,
           rate: float, beta1: float, beta2: float, eps: float, decay: float,
           scale: float) -> Tensor:
    # m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  w <- w - rate decay w  (matrices only)
    # w <- w - rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)
    torch._foreach_mul_(g, scale)
    torch._foreach_mul_(m, beta1)
    torch._foreach_add_(m, g, alpha=1. - beta1)
    torch._foreach_mul_(v, beta2)
    torch._foreach_addcmul_(v, g, g, 1. - beta2)
    d = torch._foreach_sqrt(v)
    torch._foreach_div_(d, (1. - beta2 ** t) ** 0.5)
    torch._foreach_add_(d, eps)
    for x in w:
      if torch.gt(x.dim(), 1):
        x.mul_(1. - rate * decay)
    torch._foreach_addcdiv_(w, m, d, torch.neg(rate) / (1. - beta1 ** t))
    return w[0]
