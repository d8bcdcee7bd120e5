import ast
import re

import pytest

from optiscope.engine.advice.codegen import recipe, script
from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.expressions import epoch_function, python_source
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.problems import PROBLEMS
from tests.engine import recipes
from tests.engine.core.test_expressions import GOOD
from tests.engine.printed import outcomes_of, printed_of
from tests.engine.recorded import run_config, whole

STEPS = 7
MOONS = {"name": "moons", "samples": 40, "noise": 0.2, "seed": 5}
SGD = {"name": "SGD", "hyperparameters": {"lr": 0.05}}
GROUPED = recipes.optimizer_config("Adam", groups=True)


def scheduled(recipe_name, **changes):
    return {"lr_scheduler": recipes.lr_scheduler_config(recipe_name), **changes}


CHANGES = {
    **{f"optimizer {r}": {"optimizer": recipes.optimizer_config(r)} for r in recipes.OPTIMIZERS},
    **{f"scheduler {r}": scheduled(r, optimizer=GROUPED) for r in recipes.LR_SCHEDULERS},
    **{f"problem {name}": {"problem": {"name": name}, "model": {}, "optimizer": SGD} for name in PROBLEMS},
    **{
        f"activation {name}": {"model": {"activation": name, "hidden": [5, 3], "seed": 3}, "optimizer": SGD}
        for name in ACTIVATIONS
    },
    **{
        f"expression {text}": {"lr_scheduler": {"name": "LambdaLR", "hyperparameters": {"lr_lambda": text}}}
        for text in GOOD
    },
    "float64": {"dtype": "float64", "problem": MOONS, "optimizer": recipes.optimizer_config("NAdam")},
    "float64 function": {"dtype": "float64", "problem": {"name": "beale"}, "model": {"start": [1, 0.1]}},
    "LBFGS of a function": {
        "problem": {"name": "rosenbrock"},
        "model": {},
        "optimizer": recipes.optimizer_config("LBFGS, strong_wolfe"),
    },
    "LBFGS with all": {
        "optimizer": recipes.optimizer_config("LBFGS"),
        "problem": MOONS,
        "batch_size": 16,
        "clip_grad": {"name": "clip_grad_value_", "clip_value": 0.5},
        "lr_scheduler": recipes.lr_scheduler_config("ReduceLROnPlateau"),
        "freeze": [{"params": ["fc2"], "from_step": 2}],
    },
    "no hidden layer": {"model": {"hidden": []}},
    "Muon with groups": {
        "optimizer": recipes.optimizer_config("Muon", groups=True),
        **scheduled("OneCycleLR"),
        "steps": 8,
    },
    "Muon, interval": {
        "optimizer": recipes.optimizer_config("Muon")
        | {"rest": {"name": "SGD", "param_groups": [{"params": ["fc1", "fc3.bias"], "lr": 0.3}]}},
        "lr_scheduler": recipes.lr_scheduler_config("StepLR") | {"interval": 2},
        "loop": {"set_to_none": False},
    },
    "groups": {
        "optimizer": {
            "name": "SGD",
            "hyperparameters": {"lr": 0.1, "momentum": 0.9},
            "param_groups": [
                {"params": ["fc1.weight", "fc3"], "lr": 0.001, "nesterov": True},
                {"params": ["fc2"], "momentum": 0.0, "weight_decay": 0.1},
            ],
        }
    },
    "clip norm": {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.3}},
    "clip 1-norm": {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.3, "norm_type": 1.0}},
    "clip inf-norm": {"clip_grad": {"name": "clip_grad_norm_", "max_norm": 0.1, "norm_type": "inf"}},
    "clip value": {"clip_grad": {"name": "clip_grad_value_", "clip_value": 0.1}},
    "minibatches": {"problem": MOONS, "batch_size": 16, "optimizer": SGD, "steps": 20},
    "seed of the batches": {
        "problem": MOONS | {"seed": 3},
        "batch_size": 16,
        "batch_seed": 11,
        "optimizer": SGD,
        "steps": 20,
    },
    "batch of all": {"problem": MOONS, "batch_size": 40, "optimizer": SGD},
    "frozen": {"freeze": [{"params": ["fc2", "fc1.bias"]}]},
    "frozen for a while": {
        "freeze": [{"params": ["fc2"], "from_step": 2, "to_step": 5}, {"params": ["fc1"], "from_step": 4}],
    },
    "frozen with stale gradients": {
        "optimizer": recipes.optimizer_config("SGD, momentum"),
        "freeze": [
            {"params": ["fc2"], "from_step": 2, "to_step": 5, "clear_grad": False},
            {"params": ["fc2.bias"], "from_step": 3, "to_step": 4},
        ],
        "loop": {"set_to_none": False},
    },
    "gradients that add up": {"loop": {"zero_grad": False}, "optimizer": SGD},
    "scheduler first": scheduled("StepLR", loop={"scheduler_first": True}),
    "scheduler first, interval": {
        "lr_scheduler": recipes.lr_scheduler_config("ExponentialLR") | {"interval": 3},
        "loop": {"scheduler_first": True},
    },
    "a factor for each group": {
        "optimizer": GROUPED,
        "lr_scheduler": {"name": "LambdaLR", "hyperparameters": {"lr_lambda": ["0.5 ** epoch", "1"]}},
    },
    "a rate for each group": {
        "optimizer": recipes.optimizer_config("SGD, momentum", groups=True),
        "lr_scheduler": {
            "name": "CyclicLR",
            "hyperparameters": {"base_lr": [0.01, 0.02], "max_lr": [0.1, 0.2], "step_size_up": 3},
        },
    },
    "own points": {
        "problem": {
            "name": "points",
            "points": {"x": [[0.1, 1, 2], [1, 3e-7, 1], [2, 2, 0], [3, -1, 1]], "y": [0.5, 1, -2, 3]},
            "seed": 9,
        },
        "batch_size": 2,
        "dtype": "float64",
    },
    "own points, all trained on": {
        "problem": {
            "name": "points",
            "points": {"x": [[1], [2], [3]], "y": [0, 1, 1], "held_out": 0, "standardize": True},
        },
    },
    "state_dict": {
        "model": {
            "hidden": [2],
            "state_dict": {
                "fc1.weight": [[0.1, -0.2], [0.3, 1]],
                "fc1.bias": [0, 0.1],
                "fc2.weight": [[1e-3, 0.7]],
                "fc2.bias": [0.25],
            },
        },
    },
    "EMA": {"average": {"name": "EMA", "decay": 0.9}, "problem": MOONS, "batch_size": 16},
    "EMA from a step": {"average": {"name": "EMA", "from_step": 2, "every": 2}, "dtype": "float64"},
    "SWA with buffers": {
        "average": {"name": "SWA", "every": 3, "use_buffers": True},
        "optimizer": recipes.optimizer_config("LBFGS"),
    },
    "SWA from a step": {
        "average": {"name": "SWA", "from_step": 3},
        "optimizer": recipes.optimizer_config("Muon"),
        **scheduled("StepLR"),
    },
    "EMA on a function": {
        "average": {"name": "EMA", "decay": 0.5},
        "problem": {"name": "himmelblau"},
        "model": {},
    },
    "added groups": {
        "optimizer": {
            "name": "AdamW",
            "hyperparameters": {"lr": 0.05, "weight_decay": 0.1},
            "param_groups": [
                {"params": ["fc3"]},
                {"params": ["fc1"], "from_step": 4, "weight_decay": 0.3},
                {"params": ["fc2"], "from_step": 2, "lr": 0.02},
            ],
        },
        "lr_scheduler": {"name": "CosineAnnealingLR", "hyperparameters": {"T_max": 20}},
        "hyperparameter_schedules": [
            {"hyperparameter": "weight_decay", "factor": "0.9 ** step"},
            {"hyperparameter": "betas/0", "factor": "min(1, (step + 1) / 4)"},
            {"hyperparameter": "betas/1", "factor": "1 - 0.1 / (step + 1)", "groups": [0, 2]},
        ],
    },
    "added to the rest": {
        "optimizer": {
            "name": "Muon",
            "hyperparameters": {"ns_coefficients": [3, -4, 2]},
            "rest": {
                "name": "SGD",
                "param_groups": [{"params": ["fc3.bias"]}, {"params": ["fc1", "fc2"], "from_step": 3}],
            },
        },
        "hyperparameter_schedules": [{"hyperparameter": "momentum", "factor": "0.5", "groups": [0]}],
    },
    "moved with a closure": {
        "optimizer": recipes.optimizer_config("LBFGS"),
        "hyperparameter_schedules": [{"hyperparameter": "tolerance_grad", "factor": "10 ** step"}],
    },
    "diverges": {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 1e6}}, "steps": 30},
    "torch stops it": scheduled("OneCycleLR", steps=20),
}


CONFIGS = {name: run_config(**({"steps": STEPS} | changes)) for name, changes in CHANGES.items()}


@pytest.fixture(scope="module")
def outcomes():
    """What the script of every config does, all run in one process that knows nothing of Optiscope."""
    return outcomes_of(CONFIGS)


@pytest.mark.parametrize("name", CONFIGS)
def test_a_script_prints_the_losses_of_the_run(outcomes, name):
    """The printed losses are those of the run, bit for bit, until it ends as the run does."""
    blocks, checkpoint = whole(CONFIGS[name])
    losses = printed_of(blocks)
    printed, error = outcomes[name]["printed"].splitlines(), outcomes[name]["error"]
    assert printed[: len(losses)] == losses
    if checkpoint.ended.reason is Reason.FAILED:
        assert len(printed) == len(losses)
        assert checkpoint.ended.said.params["why"] == error
    else:
        assert error == ""
        assert len(printed) == CONFIGS[name].steps


@pytest.mark.parametrize("name", CONFIGS)
def test_a_script_stands_alone(name):
    """A script imports torch and, where it needs it, math."""
    tree = ast.parse(script(CONFIGS[name]))
    names = {n.name for node in tree.body if isinstance(node, ast.Import) for n in node.names}
    names |= {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert names <= {"torch", "torch.nn.functional", "math"}


def test_the_tutorial_comes_out():
    """The script of a plain run is the loop that everybody knows."""
    body = script(run_config(steps=50)).partition("torch.manual_seed")[2]
    assert (
        body
        == """(8)
model = TinyNet()

optimizer = torch.optim.Adam(model.parameters(), lr=0.02)

for step in range(50):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    print(loss.item())
"""
    )


def test_an_average_is_written_as_people_write_it():
    """Made behind the optimizer, updated after its step, its loss behind that of the step."""
    average = {"name": "EMA", "decay": 0.9, "from_step": 10, "every": 2}
    body = script(run_config(steps=50, average=average)).partition("lr=0.02)\n")[2]
    assert (
        body
        == """
averaged = torch.optim.swa_utils.AveragedModel(
    model,
    multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.9),
)

for step in range(50):
    optimizer.zero_grad()
    loss = F.mse_loss(model(x), y)
    loss.backward()
    optimizer.step()
    if step >= 10 and (step + 1 - 10) % 2 == 0:
        averaged.update_parameters(model)
    with torch.no_grad():
        average_loss = F.mse_loss(averaged(x), y)
    print(loss.item(), average_loss.item())
"""
    )


def test_defaults_are_left_out():
    """What is torch's default is not written, except in a param group, where it may differ from the rest."""
    complete = {"lr": 0.001, "betas": [0.9, 0.999], "eps": 1e-8, "weight_decay": 0, "amsgrad": False}
    groups = [{"params": ["fc1"], "lr": 0.001}, {"params": ["fc2"]}]
    config = run_config(optimizer={"name": "Adam", "hyperparameters": complete})
    assert recipe(config) == "optimizer = torch.optim.Adam(model.parameters())"
    config = run_config(optimizer={"name": "Adam", "hyperparameters": complete, "param_groups": groups})
    assert '{"params": model.fc1.parameters(), "lr": 0.001}' in recipe(config)


def test_a_recipe_is_the_optimizer_and_the_scheduler():
    """What builds a schedule, to be copied into a script of one's own."""
    config = run_config(optimizer=recipes.optimizer_config("SGD"), **scheduled("SequentialLR"))
    assert recipe(config).splitlines() == [
        "optimizer = torch.optim.SGD(model.parameters(), lr=0.05)",
        "scheduler = torch.optim.lr_scheduler.SequentialLR(",
        "    optimizer,",
        "    schedulers=[",
        "        torch.optim.lr_scheduler.LinearLR(optimizer, start_factor=0.1, total_iters=2),",
        "        torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=4, eta_min=0.001),",
        "    ],",
        "    milestones=[2],",
        ")",
    ]


def test_a_recipe_says_what_the_loop_does_for_a_schedule():
    """The chain of if and elif of a hand-over, a longer interval, an epoch, for each optimizer."""
    hand_over = {
        "name": "HandOver",
        "schedulers": [
            {"name": "LinearLR", "hyperparameters": {"total_iters": 3}},
            {"name": "ReduceLROnPlateau"},
        ],
        "milestones": [3],
    }
    sgd = recipes.optimizer_config("SGD")
    assert recipe(run_config(optimizer=sgd, lr_scheduler=hand_over)).splitlines()[-6:] == [
        "",
        "# in the loop over step",
        "if step < 3:",
        "    schedulers[0].step()",
        "else:",
        "    schedulers[1].step(loss.item())",
    ]
    for changes, lines in (
        ({"interval": 4}, ["if (step + 1) % 4 == 0:", "    scheduler.step()"]),
        ({"epoch_steps": 7}, ["scheduler.step(step // 7 + step % 7 / 7)"]),
    ):
        restarts = {"name": "CosineAnnealingWarmRestarts", "hyperparameters": {"T_0": 3}} | changes
        assert recipe(run_config(optimizer=sgd, lr_scheduler=restarts)).splitlines()[-len(lines) :] == lines
    both = {"name": "Muon", "rest": {"name": "AdamW"}}
    assert recipe(run_config(optimizer=both, lr_scheduler=hand_over)).splitlines()[-3:] == [
        "else:",
        "    schedulers[0][1].step(loss.item())",
        "    schedulers[1][1].step(loss.item())",
    ]


def test_a_recipe_says_what_is_set_and_added_by_hand():
    """A factor's lines and an added group come before the step that uses them, the schedule behind it."""
    groups = [{"params": ["fc1", "fc2"]}, {"params": ["fc3"], "from_step": 5}]
    adam = {"name": "AdamW", "hyperparameters": {"lr": 0.01, "weight_decay": 0.1}}
    factor = {"hyperparameter": "weight_decay", "factor": "1 - step / 60"}
    in_loop = [
        "for group in optimizer.param_groups:",
        '    group["weight_decay"] = 0.1 * (1.0 - step / 60.0)',
        "optimizer.step()",
    ]
    alone = run_config(optimizer=adam, hyperparameter_schedules=[factor])
    assert recipe(alone).splitlines()[-5:] == ["", "# in the loop over step", *in_loop]
    scheduler = {"name": "StepLR", "hyperparameters": {"step_size": 9}}
    grouped = run_config(
        optimizer=adam | {"param_groups": groups},
        hyperparameter_schedules=[factor],
        lr_scheduler=scheduler,
        steps=9,
    )
    assert recipe(grouped).splitlines()[-7:] == [
        "# in the loop over step",
        "if step == 5:",
        '    optimizer.add_param_group({"params": model.fc3.parameters()})',
        *in_loop,
        "scheduler.step()",
    ]


@pytest.mark.parametrize(
    "text", [*GOOD, "(epoch - 3) ** 2 * 2 ** -epoch", "(epoch < 3 and epoch > 1) * 2 + 1"]
)
def test_an_expression_becomes_python(text):
    """The source of an expression gives the bits of the expression."""
    function = epoch_function(text, "")
    source = python_source(text)
    for epoch in range(9):
        assert float(eval(source, {"math": __import__("math"), "epoch": epoch})) == function(epoch)  # noqa: S307


def test_what_cannot_run_has_no_script():
    """A script is written only of a run that can be started."""
    with pytest.raises(ConfigError):
        script(run_config(optimizer={"name": "Muon"}))


def test_every_number_survives():
    """Floats are written so that reading them gives the same bits."""
    config = RunConfig.model_validate(
        run_config(optimizer={"name": "SGD", "hyperparameters": {"lr": 0.1 + 0.2}})
    )
    assert re.search(r"lr=0\.30000000000000004\)", script(config))
