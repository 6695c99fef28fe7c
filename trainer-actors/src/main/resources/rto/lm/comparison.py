  # A policy beside the frozen reference, as distributions over the whole vocabulary.

  def compared(self, logits: Tensor, reference: Tensor, targets: Tensor,
               temperature: Tensor) -> Tensor:
    # Logits [N, V] of both, targets [N] -> [2, N]: log pi - log pi_ref of the targets, and
    # KL(pi_ref || pi) at each position.
    p = torch.log_softmax(torch.div(logits, temperature), 1)
    q = torch.log_softmax(torch.div(reference, temperature), 1)
    at = torch.unsqueeze(targets, 1)
    ratio = torch.squeeze(torch.sub(torch.gather(p, 1, at), torch.gather(q, 1, at)), 1)
    divergence = torch.sum(torch.mul(torch.exp(q), torch.sub(q, p)), 1)
    return torch.stack([ratio, divergence])
