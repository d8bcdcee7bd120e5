#!/usr/bin/env bash
# accelerate 1.15.0: an optimizer that has been through prepare() is a torch.optim.Optimizer that takes no hooks.
#
# Expected: isinstance(prepared, torch.optim.Optimizer) is true, so what torch documents of every optimizer holds:
#   register_step_pre_hook and register_step_post_hook give a handle, and the hook runs around step().
# Instead:  AttributeError about a private name of torch's, from both, and from register_state_dict_pre_hook as well: the class is
#   derived from Optimizer and never calls its __init__. Hooks of the optimizer within do run, by the step of the outer one.
# Matters:  profilers, loggers and recorders that look on by hooks fail on the first line under accelerate, and so under the
#   Trainer of transformers, which prepares its optimizer with it.
# Until it is mended: register on prepared.optimizer, which steps, and shares its param groups.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check torch==2.13.0 accelerate==1.15.0

cat >"$folder/prepared.py" <<'PYTHON'
import sys

import accelerate
import torch

model = torch.nn.Linear(2, 1)
plain = torch.optim.SGD(model.parameters(), lr=0.1)
prepared = accelerate.Accelerator(cpu=True).prepare(plain)
print("an Optimizer of torch:", isinstance(prepared, torch.optim.Optimizer))

refused = []
for name in ("register_step_pre_hook", "register_step_post_hook", "register_state_dict_pre_hook"):
    try:
        getattr(prepared, name)(lambda *_: None)
        print(f"{name}: taken")
    except AttributeError as error:
        refused.append(name)
        print(f"{name}: AttributeError, {error}")

ran = []
prepared.optimizer.register_step_post_hook(lambda *_: ran.append("within"))
model(torch.ones(1, 2)).sum().backward()
prepared.step()
print("a hook of the one within ran:", bool(ran), "- its groups are shared:", prepared.param_groups is plain.param_groups)
is_one = isinstance(prepared, torch.optim.Optimizer)
sys.exit(0 if is_one and len(refused) == 3 and ran and prepared.param_groups is plain.param_groups else 1)
PYTHON

if ! "$folder/venv/bin/python" -W ignore "$folder/prepared.py"; then
  echo "No longer so."
  exit 1
fi
echo "Still so: it is an Optimizer by its class, and has none of its hooks."
