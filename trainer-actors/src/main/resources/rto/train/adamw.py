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
           longest: float) -> Tensor:
    # Returns |g|; if that is no finite number nothing is changed. Else g is clipped and
    # m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  w <- w - rate decay w  (matrices only)
    # w <- w - rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)
    norm = torch.sqrt(self.squared_norm(g))
    n = float(norm)
    if n - n == 0.:
      torch._foreach_mul_(g, longest / n if n > longest else 1.)
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
    return norm

  def squared_norm_in_place(self, g: List[Tensor]) -> Tensor:
    # Without room for the squares: row by row, then all rows in double.
    total = torch.zeros([], dtype=7, device=g[0].device)
    for x in g:
      rows = torch.linalg_vector_norm(x, 2, [-1]).to(dtype=7)
      total = torch.add(total, torch.sum(torch.mul(rows, rows)))
    return total

  def of_dimension(self, x: List[Tensor], like: List[Tensor], matrices: bool) -> List[Tensor]:
    # Those of x whose counterpart is a matrix, or those whose is none.
    some : List[Tensor] = []
    for i in range(len(x)):
      if (like[i].dim() > 1) == matrices:
        some.append(x[i])
    return some

  def fused_step(self, w: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], t: int,
                 rate: float, beta1: float, beta2: float, eps: float, decay: float,
                 longest: float) -> Tensor:
    # The same with every number read and written once.
    norm = torch.sqrt(self.squared_norm_in_place(g))
    n = float(norm)
    if n - n == 0.:
      device = g[0].device
      shrink = torch.full([], n / longest if n > longest else 1., dtype=6, device=device)
      steps = torch.full([], float(t), dtype=6, device=device)
      none : List[Tensor] = []
      for matrices in [True, False]:
        some = self.of_dimension(w, w, matrices)
        if len(some) == 0:
          continue
        torch._fused_adamw_(some, self.of_dimension(g, w, matrices),
                            self.of_dimension(m, w, matrices), self.of_dimension(v, w, matrices),
                            none, [steps for x in some], lr=rate, beta1=beta1, beta2=beta2,
                            weight_decay=decay if matrices else 0., eps=eps, amsgrad=False,
                            maximize=False, grad_scale=shrink, found_inf=None)
    return norm
