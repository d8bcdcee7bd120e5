#!/usr/bin/env bash
# pytorch_optimizer 4.1.0, torch 2.13.0: SPlus.eval() over a model with a frozen layer raises, and has swapped the layers before it.
#
# Expected: eval() shows the averages of what was trained and passes over a parameter that never had a gradient, as step()
#   does, and as the schedule-free optimizers of the same package do.
# Instead:  KeyError: 'ema', which names no parameter. The layers in front of the frozen one already hold their averages
#   while the group still says that it trains, so train() brings nothing back: a loop that catches the error trains on from
#   the averages. The trained weights are only in state["param_buffer"], until a later eval() overwrites them.
# Matters:  fine-tuning with a frozen layer, and an evaluation before the first step.
# Until it is mended: hand over only parameters that train (filter by requires_grad before the optimizer is made).
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
from pytorch_optimizer import SPlus, ScheduleFreeAdamW


def tried(optimizer_class):
    """What eval() raises over [trained, frozen], whether the trained one was swapped, and whether train() brings it back."""
    torch.manual_seed(0)
    trained, frozen = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2)
    frozen.requires_grad_(False)
    optimizer = optimizer_class([*trained.parameters(), *frozen.parameters()])
    optimizer.train()
    for _ in range(20):
        optimizer.zero_grad()
        frozen(trained(torch.ones(1, 2))).square().sum().backward()
        optimizer.step()
    before = trained.weight.detach().clone()
    try:
        optimizer.eval()
        said = "nothing"
    except Exception as error:
        said = f"{type(error).__name__}: {error}"
    swapped = not torch.equal(trained.weight, before)
    mode = optimizer.param_groups[0]["train_mode"]
    optimizer.train()
    return said, swapped, mode, torch.equal(trained.weight, before)


found = {one.__name__: tried(one) for one in (SPlus, ScheduleFreeAdamW)}
for name, (said, swapped, mode, restored) in found.items():
    print(f"{name:18} eval() raises: {said:16} swapped: {swapped}  says it trains: {mode}  train() restores: {restored}")
sys.exit(0 if found["SPlus"] == ("KeyError: 'ema'", True, True, False) and found["ScheduleFreeAdamW"] == ("nothing", True, False, True) else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/loop.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: SPlus.eval() stops half-way."
