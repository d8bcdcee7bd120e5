#!/usr/bin/env bash
# torch 2.13.0: a param group that is added while ConstantLR or LinearLR warms up ends at a multiple of its own lr.
#
# Expected: a scheduler knows nothing of a group that comes after it, and leaves its lr alone; or it refuses such a group.
#   A warm-up by a factor of 0.1 ends where the lr that was asked for is reached, for every group.
# Instead:  ConstantLR(factor=0.1) divides by the factor when it ends, and LinearLR(start_factor=0.1) climbs by ratios; both
#   multiply the new group as well, which was never lowered. From there on it trains at ten times its lr, and at as much more
#   as was left of the climb. ExponentialLR, StepLR, CosineAnnealingLR and PolynomialLR lower it by what is left of their
#   way. LambdaLR, MultiplicativeLR, CyclicLR and CosineAnnealingWarmRestarts raise a ValueError of zip(), OneCycleLR a
#   KeyError: not when the group is added, but at the next scheduler.step().
# Matters:  add_param_group is what gradual unfreezing uses, in the first epochs, where a warm-up is under way.
# Until it is mended: give all groups from the start and freeze their parameters, or lower the lr of a group that is added by
#   what the warm-up will multiply it with.
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
from torch.optim import lr_scheduler as of

LR, STEPS, LATE = 0.1, 20, 2
MULTIPLIES = {
    "ConstantLR": lambda o: of.ConstantLR(o, factor=0.1, total_iters=5),
    "LinearLR": lambda o: of.LinearLR(o, start_factor=0.1, total_iters=5),
}
LOWERS = {
    "ExponentialLR": lambda o: of.ExponentialLR(o, 0.9),
    "StepLR": lambda o: of.StepLR(o, 5, 0.5),
    "CosineAnnealingLR": lambda o: of.CosineAnnealingLR(o, STEPS),
    "PolynomialLR": lambda o: of.PolynomialLR(o, STEPS),
}
RAISES = {
    "LambdaLR": lambda o: of.LambdaLR(o, lambda t: 0.9**t),
    "MultiplicativeLR": lambda o: of.MultiplicativeLR(o, lambda _: 0.9),
    "CyclicLR": lambda o: of.CyclicLR(o, 0.01, LR, 5, cycle_momentum=False),
    "CosineAnnealingWarmRestarts": lambda o: of.CosineAnnealingWarmRestarts(o, 10),
    "OneCycleLR": lambda o: of.OneCycleLR(o, LR, total_steps=STEPS + 1, cycle_momentum=False),
}


def weight():
    return torch.nn.Parameter(torch.zeros(1))


def train(make_scheduler):
    """The last rates of the first group and of one that came after two steps, or the error and its step."""
    optimizer = torch.optim.SGD([weight()], lr=LR)
    scheduler = make_scheduler(optimizer)
    for step in range(STEPS):
        if step == LATE:
            optimizer.add_param_group({"params": [weight()], "lr": LR})
        optimizer.step()
        try:
            scheduler.step()
        except (ValueError, KeyError) as error:
            return f"{type(error).__name__} ({error}) at step {step + 1}"
    return [group["lr"] for group in optimizer.param_groups]


print(f"lr {LR}; another group with lr {LR} after {LATE} steps; the rates of both after {STEPS}:")
ends = {name: train(make) for name, make in (MULTIPLIES | LOWERS | RAISES).items()}
for name, end in ends.items():
    print(f"  {name:28} {end if isinstance(end, str) else ', '.join(f'{rate:.5f}' for rate in end)}")
near = lambda a, b: abs(a - b) < 1e-9
sound = (
    near(ends["ConstantLR"][0], LR)
    and near(ends["ConstantLR"][1], 10 * LR)
    and near(ends["LinearLR"][0], LR)
    and ends["LinearLR"][1] > 2 * LR
    and all(ends[name][0] <= ends[name][1] < LR for name in LOWERS)
    and all(isinstance(ends[name], str) and f"step {LATE + 1}" in ends[name] for name in RAISES)
)
sys.exit(0 if sound else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/late.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
