"""The central flow of a run: the averaged path that theory predicts, also at the edge of stability.

Past the edge an optimizer without momentum does not diverge: it oscillates about a path along which the
effective sharpness stays at its bound. With w that path, Σ the covariance of the oscillation, P what the
gradient is divided by (1 / lr for gradient descent) and the bound λ_max(P⁻¹ H) = 2::

    dw/dt = -P⁻¹ [∇L + ½ ∇⟨H, Σ⟩]
    dV/dt = (1 - alpha) / alpha · [(∇L)² + diag(H Σ H) - V]     RMSprop, P = (√V + eps) / lr

A unit of time is a step. Σ is what keeps the path where it is stable: positive semidefinite, within the span
of the directions at the bound, such that ``2P - H`` stays positive semidefinite there and is zero wherever Σ
is not. Elsewhere Σ is zero, and this is gradient flow. The loss of the oscillating run is on average
``L(w) + ½ ⟨H, Σ⟩``.

References:
    Cohen, J., Damian, A., Talwalkar, A., Kolter, J. Z. and Lee, J. D. (2025). Understanding optimization in
    deep learning with central flows. ICLR. arXiv:2410.24206
"""

from optiscope.engine.lens.central_flow.computed import (
    WINDOW,
    CentralFlow,
    central_flow,
    central_flow_in_parts,
)
from optiscope.engine.lens.central_flow.update_rule import NoFlow

__all__ = ["WINDOW", "CentralFlow", "NoFlow", "central_flow", "central_flow_in_parts"]
