#!/usr/bin/env bash
# torch 2.13.0: ASGD applies a learning rate one step after the one it was set for.
#
# Expected: as with every other optimizer of torch.optim, optimizer.step() moves by the lr that its param group has then.
# Instead:  ASGD moves by `eta`, which the step before computed, at its end, from the lr that the group had *then*. A
#   scheduler's value, or one that is set by hand, acts in the next step but one; a step at lr = 0 still moves the
#   weights, and the first step after a warm-up's end, a thaw or a restart runs at the old rate. Only the very first
#   step, which makes the state, takes its own.
# Matters:  the last value of a schedule is never used, a logged rate is not that of its step, and a group that is
#   "frozen" by lr = 0 moves once more.
# Until it is mended: set the rate a step ahead, or freeze by requires_grad.
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat >"$folder/late.py" <<'PYTHON'
import sys

import torch

RATES = [0.1, 0.0, 0.0, 0.1, 0.1, 0.3]


def moves(cls, **options):
    """How far a weight with gradient 1 moves in each step, as the rate is set anew before it."""
    weight = torch.nn.Parameter(torch.ones(1, dtype=torch.float64))
    optimizer = cls([weight], lr=RATES[0], **options)
    moved = []
    for rate in RATES:
        optimizer.param_groups[0]["lr"] = rate
        before = weight.item()
        weight.grad = torch.ones_like(weight)
        optimizer.step()
        moved.append(round(before - weight.item(), 6))
    return moved


sgd, asgd = moves(torch.optim.SGD), moves(torch.optim.ASGD, lambd=0.0)
print(f"rate set before each step: {RATES}")
print(f"SGD moves by               {sgd}")
print(f"ASGD (lambd=0) moves by    {asgd}")
sys.exit(0 if sgd == RATES and asgd == [RATES[0], *RATES[:-1]] else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/late.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
