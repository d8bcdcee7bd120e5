#!/usr/bin/env bash
# torch 2.13.0: ReduceLROnPlateau never lowers the rate of a loss that stands still, or slowly worsens, below zero.
#
# Expected: a plateau is a plateau: a loss that no longer falls by more than a ten-thousandth lowers the rate after
#   `patience` epochs, whatever its sign. Negative losses are ordinary: log densities, an ELBO turned round, energies.
# Instead:  with the default threshold_mode "rel" and mode "min", a loss is better if it is below best * (1 - threshold).
#   Above zero that asks for a fall; below zero the product lies above the best, so the very same value counts as better
#   each time, and so does a worse one: `best` climbs along with the loss, the counter of bad epochs stays at 0.
#   The same loss shifted up by a constant lowers the rate to its end.
# Matters:  the schedule is switched off without a word, and `scheduler.best`, which people log, is not the best.
# Until it is mended: threshold_mode="abs".
#
# On Linux the torch of the public index brings CUDA along (some GB); its CPU build shows the same.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 numpy==2.4.6

cat >"$folder/plateau.py" <<'PYTHON'
import sys

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

EPOCHS = 60
LOSSES = {
    "-100, still": [-100.0] * EPOCHS,
    "-100, worse by 0.005 an epoch": [-100.0 + 0.005 * epoch for epoch in range(EPOCHS)],
    "+100, still": [100.0] * EPOCHS,
    "+100, worse by 0.005 an epoch": [100.0 + 0.005 * epoch for epoch in range(EPOCHS)],
}


def followed(losses, **options):
    """The rate after the losses, and what the scheduler takes for the best of them."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    scheduler = ReduceLROnPlateau(optimizer, patience=2, **options)
    for loss in losses:
        scheduler.step(loss)
    return optimizer.param_groups[0]["lr"], scheduler.best


print(f"lr after {EPOCHS} epochs from 1.0, patience 2:")
for name, losses in LOSSES.items():
    (rate, best), (absolute, _) = followed(losses), followed(losses, threshold_mode="abs")
    print(f"  {name:30} {rate:<8.0e} best {best:<9} (the least is {min(losses)}; with abs {absolute:.0e})")
below = [followed(losses) for name, losses in LOSSES.items() if name.startswith("-")]
above = [followed(losses) for name, losses in LOSSES.items() if name.startswith("+")]
kept = all(rate == 1.0 for rate, _ in below) and below[1][1] > min(LOSSES["-100, worse by 0.005 an epoch"])
lowered = all(rate < 1e-6 for rate, _ in above)
sys.exit(0 if kept and lowered else 1)
PYTHON

if ! "$folder/venv/bin/python" "$folder/plateau.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so."
