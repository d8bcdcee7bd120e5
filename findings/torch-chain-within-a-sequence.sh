#!/usr/bin/env bash
# torch 2.13.0: SequentialLR takes a ChainedScheduler, or another SequentialLR, as a part, and cannot start it.
#
# Expected: its constructor names what it does not take (ReduceLROnPlateau is refused with a sentence), so what it takes
#   runs: a warm-up, then two factors chained; or a sequence within a sequence.
# Instead:  such a part is taken, and at its milestone step() raises a NotImplementedError without a word: a milestone
#   starts a part by get_lr(), which those two do not define. As the first part it runs, a step ahead: what starts it
#   steps it, so a chain of ExponentialLR(0.9) begins at 0.9 of the rate instead of at all of it.
# Matters:  the error comes where the warm-up ends, which may be hours into a training, and says nothing of why; the
#   other one is never told.
# Until it is mended: a flat SequentialLR of parts that compute their own rate, or one LambdaLR.
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat >"$folder/parts.py" <<'PYTHON'
import sys
import warnings

import torch
from torch.optim import lr_scheduler

warnings.simplefilter("ignore")  # that a first part was stepped before the optimizer

WARM_UP = 3


def decay(o):
    return lr_scheduler.ExponentialLR(o, 0.9)


PARTS = {
    "ExponentialLR": decay,
    "ChainedScheduler": lambda o: lr_scheduler.ChainedScheduler([decay(o)], o),
    "SequentialLR": lambda o: lr_scheduler.SequentialLR(o, [decay(o), decay(o)], [100]),
}


def rates(schedule, steps=5):
    """The rates of a loop, and how it ended."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=1.0)
    scheduler = schedule(optimizer)
    seen = []
    try:
        for _ in range(steps):
            seen.append(round(optimizer.param_groups[0]["lr"], 4))
            weight.grad = torch.ones(1)
            optimizer.step()
            scheduler.step()
    except Exception as error:
        return seen, f"{type(error).__name__}({str(error)!r})"
    return seen, "ends as it should"


def behind_a_warm_up(part):
    return lambda o: lr_scheduler.SequentialLR(
        o, [lr_scheduler.LinearLR(o, 0.1, total_iters=WARM_UP), part(o)], [WARM_UP]
    )


def first_of_two(part):
    return lambda o: lr_scheduler.SequentialLR(o, [part(o), decay(o)], [100])


found = {}
for name, part in PARTS.items():
    found[name] = [rates(part), rates(first_of_two(part)), rates(behind_a_warm_up(part))]
    for where, (seen, end) in zip(("by itself", "as first part", "as second part"), found[name]):
        print(f"{name:17} {where:15} {seen} {end}")
plain = found.pop("ExponentialLR")
is_plain_well = all(end == "ends as it should" for _, end in plain) and plain[0] == plain[1]
is_late = all(
    second == (plain[2][0][:WARM_UP], "NotImplementedError('')") for _, _, second in found.values()
)
is_ahead = found["ChainedScheduler"][0] == plain[0] and found["ChainedScheduler"][1][0][0] == 0.9
sys.exit(0 if is_plain_well and is_late and is_ahead else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/parts.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
