#!/usr/bin/env bash
# pytorch_optimizer 4.1.0: PolyScheduler raises the rate for ever, above max_lr, and its sisters go on below zero.
#
# Expected: a polynomial schedule between max_lr and min_lr over t_max steps, as torch's PolynomialLR and the other
#   schedulers of the same base class (LinearScheduler, CosineScheduler) have it: down from max_lr, min_lr at t_max.
# Instead:  behind the warm-up the rate is min_lr + (max_lr - min_lr) * elapsed ** poly_order, with the number of steps
#   itself in the place of a share of t_max. It passes max_lr at the second step and never turns back. LinearScheduler
#   does reach min_lr at t_max, and then goes straight on, below zero.
# Besides:  the first optimizer.step() of all of them, warm-up or not, runs at min_lr, because the constructor sets that.
# Matters:  the sole numbers a user gives are bounds, max_lr and min_lr, and neither holds; a run that trains a few steps
#   longer climbs its loss.
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6 pytorch_optimizer==4.1.0

cat >"$folder/climbs.py" <<'PYTHON'
import sys

import torch
from pytorch_optimizer import CosineScheduler, LinearScheduler, PolyScheduler

T_MAX, WARM_UP, MAX_LR, MIN_LR = 12, 4, 1.0, 0.1


def rates(cls, steps):
    """The rate of each optimizer step of a run."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=MAX_LR)
    scheduler = cls(optimizer, t_max=T_MAX, max_lr=MAX_LR, min_lr=MIN_LR, init_lr=0.0, warmup_steps=WARM_UP)
    used = []
    for _ in range(steps):
        used.append(float(optimizer.param_groups[0]["lr"]))
        optimizer.step()
        scheduler.step()
    return used


found = {cls.__name__: rates(cls, T_MAX + 7) for cls in (PolyScheduler, LinearScheduler, CosineScheduler)}
print(f"max_lr {MAX_LR}, min_lr {MIN_LR}, t_max {T_MAX}, of these {WARM_UP} to warm up; the rate of each step:")
for name, used in found.items():
    print(f"  {name:16}" + " ".join(f"{rate:.2f}" for rate in used))
poly, linear = found["PolyScheduler"], found["LinearScheduler"]
climbs = max(poly[: T_MAX + 1]) > 2 * MAX_LR and poly[-1] == max(poly)
below = min(linear) < 0 and all(used[0] == MIN_LR for used in found.values())
sys.exit(0 if climbs and below else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/climbs.py" 2>"$folder/stderr"; then
  cat "$folder/stderr"
  echo "No longer so."
  exit 1
fi
echo "Still so."
