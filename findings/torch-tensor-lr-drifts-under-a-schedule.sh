#!/usr/bin/env bash
# torch 2.13.0: under ExponentialLR a tensor lr drifts from its schedule, and a slow decay never begins.
#
# Expected: torch.tensor(1e-3) in the place of 1e-3, as a compiled optimizer wants its lr, trains at the same rates but for
#   rounding in the seventh digit.
# Instead:  the scheduler multiplies the tensor in place, in float32, at each step, and the rounding of every step stays in
#   it. A factor just below 1 moves the rate by a few units in the last place, rounded to whole ones: all of them err to
#   the same side within a power of two: 0.2 % after 100,000 steps. A factor of 1 - 2e-8 is lost altogether. With a Python float the same product
#   is right to 1e-9.
# Matters:  a decay by batches (gamma ** (1 / steps)) ends at another rate once lr is made a tensor for torch.compile.
# Until it is mended: a float64 tensor, or LambdaLR, which computes each rate from the first.
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat >"$folder/drift.py" <<'PYTHON'
import sys

import torch
from torch.optim.lr_scheduler import ExponentialLR, LambdaLR

STEPS, LR = 100_000, 1e-3
GAMMA = 0.1 ** (1 / STEPS)
KINDS = {
    "a float": lambda: LR,
    "a float32 tensor": lambda: torch.tensor(LR),
    "a float64 tensor": lambda: torch.tensor(LR, dtype=torch.float64),
}


def last(lr, make_scheduler, steps):
    """The rate after so many steps."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr)
    scheduler = make_scheduler(optimizer)
    optimizer.step()
    for _ in range(steps):
        scheduler.step()
    return float(optimizer.param_groups[0]["lr"])


ends = {kind: last(lr(), lambda o: ExponentialLR(o, GAMMA), STEPS) for kind, lr in KINDS.items()}
slow = {kind: last(lr(), lambda o: ExponentialLR(o, 1 - 2e-8), 20_000) / float(lr()) for kind, lr in KINDS.items()}
anew = last(torch.tensor(LR), lambda o: LambdaLR(o, lambda t: GAMMA**t), STEPS)
print(f"{LR} times 0.1 ** (1 / {STEPS:,}), {STEPS:,} times; and times 1 - 2e-8, 20,000 times:")
for kind, end in ends.items():
    print(f"  {kind:17} {end:.6e} ({100 * (end / (LR / 10) - 1):+.2f} %)   {slow[kind]:.7f} of the first")
print(f"  by LambdaLR, a float32 tensor: {anew:.6e}")
drifts = abs(ends["a float32 tensor"] / (LR / 10) - 1) > 0.001 and slow["a float32 tensor"] == 1.0
sound = all(abs(ends[kind] / (LR / 10) - 1) < 1e-8 and slow[kind] < 0.9997 for kind in ("a float", "a float64 tensor"))
sys.exit(0 if drifts and sound and abs(anew / (LR / 10) - 1) < 1e-6 else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/drift.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
