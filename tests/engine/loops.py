"""Loops that a run can have, as changes to a run: every line out of its place once, and every habit."""

from tests.engine import recipes

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
    "two losses of a prediction": order("zero_grad", "forward", "loss", "loss", "backward", *DONE),
    "another loss of a prediction, backwards": order(
        "zero_grad", "forward", "loss", "backward", "loss", "backward", *DONE
    ),
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
