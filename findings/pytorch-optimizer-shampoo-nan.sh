#!/usr/bin/env bash
# pytorch_optimizer 4.1.0 with torch 2.13.0: Shampoo makes the weights of a plain loop NaN when it sees one sample a step.
#
# Expected: nn.Linear(4, 3), one sample, default settings: the weights stay finite, as with Adam. Shampoo adds
#   matrix_eps = 1e-6 to its statistics, "to improve numerical stability".
# Instead:  a single sample gives a gradient of rank one, so the statistics have singular values that only matrix_eps
#   keeps above 0. In float32 that is lost beside values above 32: 100 + 1e-6 is 100. The singular value then
#   comes out as exactly 0, for many matrices, and compute_power_svd (optimizer/utils/matrix.py) takes it to a negative power
#   without a floor: inf, then NaN in the weights, without a word; the step after it raises in the decomposition.
#   How many of the models below end so is up to the processor's linear algebra; that an exact 0 gives no finite root is not.
# Matters:  a batch of one, or of like samples, is a usual way to look at an optimizer. The weights are lost one step
#   before anything is said, and what is said then does not name the cause.
# Until it is mended: float64, where 1e-6 is not lost as soon, or a matrix_eps that is large beside the squared gradients.
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 pytorch_optimizer==4.1.0

cat >"$folder/loop.py" <<'PYTHON'
import sys

import torch
from pytorch_optimizer import Shampoo
from pytorch_optimizer.optimizer.utils import compute_power_svd
from torch import nn
from torch.nn import functional

torch.set_num_threads(1)
MODELS, STEPS, SCALE = 100, 20, 10.0


def finite(model):
    return all(bool(p.isfinite().all()) for p in model.parameters())


def lost(make_optimizer):
    """How many models hold a NaN or inf after at most STEPS steps, and what the next step of the first one says."""
    count, said = 0, None
    for seed in range(MODELS):
        torch.manual_seed(seed)
        model = nn.Linear(4, 3)
        optimizer = make_optimizer(model.parameters())
        x, y = SCALE * torch.randn(1, 4), SCALE * torch.randn(1, 3)

        def step():
            optimizer.zero_grad()
            functional.mse_loss(model(x), y).backward()
            optimizer.step()

        for _ in range(STEPS):
            step()
            if not finite(model):
                count += 1
                if said is None:
                    try:
                        step()
                        said = "nothing"
                    except Exception as error:
                        said = f"{type(error).__name__}: {str(error).splitlines()[0]}"
                break
    return count, said


root = compute_power_svd(torch.diag(torch.tensor([100.0, 0.0])), 4)
print(f"float32: 100 + 1e-6 == 100 is {bool(torch.tensor(100.0) + 1e-6 == 100)}")
print(f"compute_power_svd(diag(100, 0), 4) = {root.tolist()}")
shampoo, said = lost(lambda params: Shampoo(params, lr=1e-3))
adam, _ = lost(lambda params: torch.optim.Adam(params, lr=1e-3))
print(f"nn.Linear(4, 3), one sample, {STEPS} steps, lr 0.001: weights not finite in")
print(f"  Adam     {adam} of {MODELS} models")
print(f"  Shampoo  {shampoo} of {MODELS} models; the step after: {said}")
sys.exit(0 if shampoo > 0 and adam == 0 and not root.isfinite().all() else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/loop.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
