#!/usr/bin/env bash
# torch 2.13.0: Adagrad's decay of its rate, and ASGD's, come to a halt after 16,777,216 steps.
#
# Expected: lr_decay lowers the rate as lr / (1 + (step - 1) * lr_decay) for as long as one trains, and a float64 model has
#   a counter to match; the formula of ASGD has the step as well.
# Instead:  the optimizers count in a float32 tensor, whatever the dtype of the parameters. 2^24 + 1 is no float32, so
#   the counter stays at 16,777,216 for ever, and the rate at what it is there. Adam and the others that count do so too,
#   where nothing depends on it any more; a checkpoint says 16,777,216 steps however many there were.
# Matters:  an on-line learner, for which Adagrad with a decay was made, takes so many samples in days. From there on it
#   has a constant rate, and its number of steps in the state is wrong. torch.set_default_dtype(torch.float64), before
#   the first step, makes the counter a float64.
#
# The counter is set near the end through load_state_dict, as a resumed run has it.
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat >"$folder/counted.py" <<'PYTHON'
import sys

import torch

LAST, MORE = 2**24, 5
OPTIMIZERS = {
    "Adagrad": lambda p: torch.optim.Adagrad(p, lr=1.0, lr_decay=1.0),
    "ASGD": lambda p: torch.optim.ASGD(p, lr=1.0, lambd=1.0, alpha=1.0),
    "Adam": lambda p: torch.optim.Adam(p, lr=1.0),
}


def counted(make):
    """The counter of a float64 weight, [MORE] steps on from just below 2^24."""
    weight = torch.nn.Parameter(torch.ones(1, dtype=torch.float64))
    optimizer = make([weight])
    weight.grad = torch.ones_like(weight)
    optimizer.step()
    saved = optimizer.state_dict()
    saved["state"][0]["step"] = torch.full_like(saved["state"][0]["step"], LAST - 2)
    optimizer.load_state_dict(saved)
    for _ in range(MORE):
        optimizer.step()
    return optimizer.state[weight]["step"]


single = {name: counted(make) for name, make in OPTIMIZERS.items()}
print(f"{MORE} steps after step {LAST - 2:,}, of a float64 weight:")
for name, step in single.items():
    print(f"  {name:8} {int(step):,} ({step.dtype})")
torch.set_default_dtype(torch.float64)
double = {name: int(counted(make)) for name, make in OPTIMIZERS.items()}
print("with float64 as the default dtype: " + ", ".join(f"{n} {s:,}" for n, s in double.items()))
stopped = all(int(step) == LAST for step in single.values())
sys.exit(0 if stopped and set(double.values()) == {LAST - 2 + MORE} else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/counted.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
