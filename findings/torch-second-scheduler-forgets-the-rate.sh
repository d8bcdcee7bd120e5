#!/usr/bin/env bash
# torch 2.13.0: a second learning rate scheduler begins at a rate that nobody set, or at the right one, by its class.
#
# Expected: "When last_epoch=-1, sets initial lr as lr", as the documentation of LambdaLR and others has it: one that is built
#   anew takes the rate that the optimizer has then. For a second phase at 0.01 one writes that into the param groups and
#   builds the scheduler of that phase.
# Instead:  the constructor keeps an `initial_lr` that an earlier scheduler left in the param group (setdefault). What
#   follows depends on the class: those that compute from base_lrs (LambdaLR, CosineAnnealingWarmRestarts, any
#   SequentialLR) overwrite the rate with the first phase's 0.1 at once; those that multiply what is there (StepLR,
#   CosineAnnealingLR, ExponentialLR, LinearLR) go on from 0.01, with base_lrs that say 0.1.
# Matters:  fine-tuning in two phases trains at ten times the rate asked for, without a warning, and changing one
#   scheduler for another changes more than the schedule. A loaded checkpoint brings the old initial_lr along as well.
# Until it is mended: delete `initial_lr` from the param groups before building the second scheduler.
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat >"$folder/phases.py" <<'PYTHON'
import sys

import torch
from torch.optim import lr_scheduler

FIRST, SECOND = 0.1, 0.01
SCHEDULERS = {
    "LambdaLR": lambda o: lr_scheduler.LambdaLR(o, lambda _: 1.0),
    "CosineAnnealingWarmRestarts": lambda o: lr_scheduler.CosineAnnealingWarmRestarts(o, 10),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.StepLR(o, 100), lr_scheduler.StepLR(o, 100)], [50]
    ),
    "StepLR": lambda o: lr_scheduler.StepLR(o, 100),
    "CosineAnnealingLR": lambda o: lr_scheduler.CosineAnnealingLR(o, 10),
    "ExponentialLR": lambda o: lr_scheduler.ExponentialLR(o, 0.9),
    "LinearLR": lambda o: lr_scheduler.LinearLR(o, 1.0, 0.5),
}


def second_phase(make_scheduler, *, forget):
    """The rate after a phase at FIRST, when the rate is set to SECOND and a scheduler is built for a second phase."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=FIRST)
    scheduler = lr_scheduler.StepLR(optimizer, 2)
    for _ in range(3):
        weight.grad = torch.ones(1)
        optimizer.step()
        scheduler.step()
    group = optimizer.param_groups[0]
    group["lr"] = SECOND
    if forget:
        del group["initial_lr"]
    make_scheduler(optimizer)
    return group["lr"]


rates = {name: second_phase(make, forget=False) for name, make in SCHEDULERS.items()}
mended = {name: second_phase(make, forget=True) for name, make in SCHEDULERS.items()}
print(f"trained at {FIRST}, lr set to {SECOND}, then a new scheduler; its first rate:")
for name, rate in rates.items():
    print(f"  {name:28} {rate:<5} (without initial_lr: {mended[name]})")
overwritten = [name for name, rate in rates.items() if rate == FIRST]
kept = [name for name, rate in rates.items() if rate == SECOND]
print(f"{len(overwritten)} of {len(rates)} go back to {FIRST}, {len(kept)} begin at {SECOND}")
sys.exit(0 if overwritten and kept and set(mended.values()) == {SECOND} else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/phases.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
