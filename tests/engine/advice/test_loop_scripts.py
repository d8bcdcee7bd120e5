"""Scripts of every loop that a run can have print what the run records, and die where it fails."""

import difflib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from optiscope.engine.advice.codegen import script
from optiscope.engine.advice.mistakes import LOOP_MISTAKES, layers_of
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.judging import check
from tests.engine import recipes
from tests.engine.advice.test_codegen import printed_of
from tests.engine.recorded import run_config, whole

MOONS = {"name": "moons", "samples": 40, "noise": 0.2, "seed": 5}
SGD = recipes.optimizer_config("SGD, momentum")
LBFGS = recipes.optimizer_config("LBFGS")
CLIP = {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.05}}
PLATEAU = {"lr_scheduler": recipes.lr_scheduler_config("ReduceLROnPlateau")}
HALVES = {"lr_scheduler": {"name": "StepLR", "hyperparameters": {"step_size": 2}}}
SCARCE = {"problem": MOONS, "batch_size": 6}
DONE = ["optimizer_step", "scheduler_step"]


def loop(**fields):
    return {"loop": fields}


def order(*lines, **fields):
    return {"loop": {"order": [*lines], **fields}}


LOOPS = {
    "accumulate": {**SCARCE, **loop(accumulate=3)},
    "accumulate all samples": {"problem": MOONS, **loop(accumulate=3), **CLIP},
    "accumulate a sum": {**SCARCE, **PLATEAU, **loop(accumulate=3, scale_loss=False), "optimizer": SGD},
    "accumulate, float64": {**SCARCE, **loop(accumulate=2), "dtype": "float64"},
    "accumulate, LBFGS": {**SCARCE, **loop(accumulate=3), "optimizer": LBFGS},
    "accumulate a sum, LBFGS": {**SCARCE, **loop(accumulate=2, scale_loss=False), "optimizer": LBFGS},
    "accumulate all samples, LBFGS": {**loop(accumulate=2), "optimizer": LBFGS},
    "accumulate, clearing in each pass": {
        **SCARCE,
        **order("forward", "loss", "zero_grad", "backward", *DONE, accumulate=3),
    },
    "accumulate, step first": {**SCARCE, **order("forward", "loss", *DONE, "backward", accumulate=2)},
    "bfloat16": {"problem": MOONS, **loop(autocast="bfloat16"), "optimizer": SGD},
    "bfloat16, accumulate": {**SCARCE, **loop(autocast="bfloat16", accumulate=2), "model": {"hidden": [8]}},
    "bfloat16, LBFGS": {**loop(autocast="bfloat16"), "optimizer": LBFGS},
    "bfloat16 of a function": {"problem": {"name": "beale"}, "model": {}, **loop(autocast="bfloat16")},
    "restart without optimizer": {**loop(restart={"step": 4}), **HALVES},
    "restart without scheduler": {
        **loop(restart={"step": 4, "optimizer": True, "lr_scheduler": False}),
        **HALVES,
    },
    "restart with all": {**loop(restart={"step": 4, "optimizer": True}), **HALVES, "dtype": "float64"},
    "restart in float64": {
        **loop(restart={"step": 4, "optimizer": True}),
        "dtype": "float64",
        "optimizer": recipes.optimizer_config("NAdam"),
    },
    "restart of two": {
        **loop(restart={"step": 3}),
        **HALVES,
        "optimizer": recipes.optimizer_config("Muon"),
    },
    "restart of a function": {"problem": {"name": "beale"}, "model": {}, **loop(restart={"step": 3})},
    "restart, stale gradients": {**loop(restart={"step": 3}, zero_grad=False), "optimizer": SGD},
    "restart of what was replaced": {**loop(restart={"step": 3}, replaced=["fc2"]), **CLIP},
    "replaced": {**loop(replaced=["fc2", "fc1.bias"]), **CLIP, "optimizer": SGD},
    "replaced, Adagrad": {**loop(replaced=["fc3"]), "optimizer": recipes.optimizer_config("Adagrad")},
    "replaced, LBFGS": {**loop(replaced=["fc1"]), "optimizer": LBFGS},
    "replaced point": {"problem": {"name": "beale"}, "model": {}, **loop(replaced=["xy"])},
    "no_grad for a while": {
        "freeze": [{"params": ["fc2"], "from_step": 2, "to_step": 5, "by": "no_grad"}],
        "optimizer": SGD,
    },
    "no_grad from a step": {"freeze": [{"params": ["fc1"], "from_step": 3, "by": "no_grad"}]},
    "no_grad of the last layer": {"freeze": [{"params": ["fc3"], "from_step": 3, "by": "no_grad"}]},
    "detach for a while": {"freeze": [{"params": ["fc1"], "to_step": 5, "by": "detach"}]},
    "detach of the last layer for a while": {
        "freeze": [{"params": ["fc3"], "from_step": 2, "to_step": 5, "by": "detach"}]
    },
    "eval for a while": {
        "freeze": [
            {"params": ["fc2"], "from_step": 2, "to_step": 5, "by": "eval"},
            {"params": ["fc1"], "by": "eval"},
        ]
    },
    "frozen, and taken for it": {
        "freeze": [{"params": ["fc1"], "from_step": 2}, {"params": ["fc2"], "by": "detach"}]
    },
    "forward apart": order("forward", "zero_grad", "loss", "backward", *DONE),
    "forward apart, bfloat16": order("forward", "zero_grad", "loss", "backward", *DONE, autocast="bfloat16"),
    "step first": {**order("optimizer_step", "zero_grad", "forward", "loss", "backward"), "optimizer": SGD},
    "step first, clipped": {**order("optimizer_step", "forward", "loss", "clip", "backward"), **CLIP},
    "two steps": {**order("zero_grad", "forward", "loss", "backward", *DONE, *DONE), **HALVES},
    "no step": {**order("zero_grad", "forward", "loss", "backward", "clip"), **CLIP},
    "no backward": {**order("forward", "loss", *DONE), **HALVES},
    "two passes": order("zero_grad", "forward", "loss", "backward", "forward", "loss", "backward", *DONE),
    "a loss after the step": {
        **order(
            "zero_grad", "forward", "loss", "backward", "optimizer_step", "forward", "loss", "scheduler_step"
        ),
        **PLATEAU,
    },
    "clip twice": {**order("zero_grad", "forward", "loss", "backward", "clip", "clip", *DONE), **CLIP},
    "zeros, step before backward": {
        **order("zero_grad", "forward", "loss", "optimizer_step", "backward", set_to_none=False),
        "optimizer": SGD,
    },
    "scheduler in between": {
        **order("zero_grad", "forward", "loss", "scheduler_step", "backward", "optimizer_step"),
        **PLATEAU,
    },
    "plateau first": {**loop(scheduler_first=True), **PLATEAU},
    "backward twice, LBFGS": {
        **order("zero_grad", "forward", "loss", "backward", "backward", "optimizer_step"),
        "optimizer": LBFGS,
    },
    "clip after the step, LBFGS": {
        **order("zero_grad", "forward", "loss", "backward", "optimizer_step", "scheduler_step", "clip"),
        **CLIP,
        **PLATEAU,
        "optimizer": LBFGS,
    },
    "scheduler first, LBFGS": {**loop(scheduler_first=True), **HALVES, "optimizer": LBFGS},
    "no zero_grad, LBFGS": {**loop(zero_grad=False), "optimizer": LBFGS},
    "an average in bfloat16": {**SCARCE, **loop(autocast="bfloat16"), "average": {"name": "SWA"}},
    "restart with groups of later, moved by hand": {
        **loop(restart={"step": 5, "optimizer": True}),
        **HALVES,
        "optimizer": {
            "name": "AdamW",
            "param_groups": [
                {"params": ["fc1"]},
                {"params": ["fc2"], "from_step": 3},
                {"params": ["fc3"], "from_step": 5},
            ],
        },
        "hyperparameter_schedules": [{"hyperparameter": "weight_decay", "factor": "1 + step"}],
    },
    "an average": {
        **SCARCE,
        **loop(accumulate=2),
        "average": {"name": "EMA"},
        "freeze": [{"params": ["fc1"], "by": "no_grad"}],
    },
}
SOUND = {
    "Adam": run_config(problem=MOONS, steps=12),
    "SGD": run_config(problem=MOONS, steps=12, batch_size=10, optimizer=SGD, model={"hidden": [3, 3, 3]}),
}
LAYERS = {name: layers_of(list(check(config))) for name, config in SOUND.items()}
CORRECT = {
    f"{mistake.name}, {name}": mistake.correct(config, LAYERS[name])
    for mistake in LOOP_MISTAKES.values()
    for name, config in SOUND.items()
}
BROKEN = {
    f"{mistake.name}, {name}": mistake.made(config, LAYERS[name])
    for mistake in LOOP_MISTAKES.values()
    for name, config in SOUND.items()
}
CONFIGS = {name: run_config(**({"steps": 8} | changes)) for name, changes in LOOPS.items()} | BROKEN


@pytest.fixture(scope="module")
def outcomes():
    """What every script does, all run in one process that knows nothing of Optiscope."""
    finished = subprocess.run(
        [sys.executable, Path(__file__).parents[1] / "run_scripts.py"],
        input=json.dumps([script(config) for config in CONFIGS.values()]),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(CONFIGS, json.loads(finished.stdout), strict=True))


@pytest.mark.parametrize("name", CONFIGS)
def test_a_script_prints_the_losses_of_the_run(outcomes, name):
    """Bit for bit, and it dies with PyTorch's own words where the run fails."""
    blocks, checkpoint = whole(CONFIGS[name])
    losses, printed = printed_of(blocks), outcomes[name]["printed"].splitlines()
    failed, diverged = (checkpoint.ended.reason is reason for reason in (Reason.FAILED, Reason.DIVERGED))
    assert (printed[: len(losses)] if diverged else printed) == losses
    assert outcomes[name]["error"] == (checkpoint.ended.said.params["why"] if failed else "")


DIFFERENCES = {
    "no_zero_grad": ["-optimizer.zero_grad()"],
    "zero_grad_before_step": ["-optimizer.zero_grad()", "+optimizer.zero_grad()"],
    "step_before_backward": ["+optimizer.step()", "-optimizer.step()"],
    "backward_twice": ["+loss.backward()"],
    "clip_after_step": ["+optimizer.step()", "-optimizer.step()"],
    "scheduler_first": ["+scheduler.step()", "-scheduler.step()"],
    "scheduler_never": ["-scheduler.step()"],
    "scheduler_every_batch": ["-if (step + 1) % 4 == 0:", "-scheduler.step()", "+scheduler.step()"],
    "parameters_replaced": ["+import copy", "+model.fc2 = copy.deepcopy(model.fc2)"],
    "no_grad_for_freezing": [
        "+with torch.no_grad():",
        "-x = F.relu(self.fc2(x))",
        "+x = F.relu(self.fc2(x))",
        "-model.fc2.requires_grad_(False)",
        "-",
    ],
    "detach_for_freezing": [
        "-x = F.relu(self.fc2(x))",
        "+x = F.relu(self.fc2(x)).detach()",
        "-model.fc2.requires_grad_(False)",
        "-",
    ],
    "eval_for_freezing": ["-model.fc2.requires_grad_(False)", "+model.fc2.eval()"],
    "left_out_of_optimizer": [
        "-optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
        '+optimizer = torch.optim.Adam([{"params": model.fc2.parameters()}], lr=0.02)',
    ],
    "restored_without_optimizer": [
        "+if step == 6:  # begun again from the model",
        "+model.zero_grad()",
        "+optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
    ],
    "restored_without_scheduler": [
        "+if step == 6:  # begun again from the model",
        "+optimizer_state = optimizer.state_dict()",
        "+model.zero_grad()",
        "+optimizer = torch.optim.Adam(model.parameters(), lr=0.02)",
        "+scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=20, gamma=0.5)",
        "+optimizer.load_state_dict(optimizer_state)",
    ],
    "unscaled_accumulation": ["-(loss / 4).backward()", "+loss.backward()"],
}


@pytest.mark.parametrize("mistake", LOOP_MISTAKES)
def test_a_broken_script_differs_by_the_lines_of_the_mistake(mistake):
    """From that of the correct run: nothing else is written in another way."""
    correct, broken = (script(configs[f"{mistake}, Adam"]).splitlines() for configs in (CORRECT, BROKEN))
    changed = [line for line in difflib.ndiff(correct, broken) if line[0] in "+-"]
    assert [line[0] + line[2:].strip() for line in changed] == DIFFERENCES[mistake]
