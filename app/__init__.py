"""Optiscope: a microscope for torch.optim.

What is named here is what programs may use; everything else is private, and may change in any version.

>>> import optiscope
>>> run = optiscope.train({"problem": {"name": "rosenbrock"}, "optimizer": {"name": "Adam"}, "steps": 50})
>>> bool(run.loss[-1] < run.loss[0])
True

Train
    ``train`` and ``compare`` in this process, without a server. What they give is a ``Run``, a sequence of
    ``Record``. A ``RunConfig`` says all of a run; what is wrong with one is a ``ConfigError``.
Train many
    ``sweep`` trains a run along axes, for several optimizers and seeds; what it gives is a ``Sweep``, and a
    ``SweepBrokenError`` if one breaks off. ``plan_sweep`` says before how long that will take. ``race`` tunes
    optimizers on some seeds and judges them on others; what it gives is a ``Race`` of ``Judged`` optimizers,
    with the ``Difference`` of each pair. ``lr_range_test`` looks for a learning rate; what it gives is an
    ``LRRange``, or a ``NoRateError``.
Take runs away
    ``read_run`` gives a run back from a file that an export wrote; one that is none is an ``ExportError``.
Watch a loop of your own
    ``watch`` records a training script that is not ours, by torch's hooks, into a file or to a server; what
    it gives is a ``Watch``. ``audit`` says before it what its optimizer and scheduler will do.
Show
    ``show`` puts runs into a notebook, or into one file, as the page that plays them; what it gives is
    ``Shown``. ``figure`` draws a run, several, or a sweep with Plotly.
Ask for advice
    ``lint`` tries a recipe and says what is likely not meant, a ``LintWarning`` each.
Talk to a server
    ``Client`` gives the same records, and ``AsyncClient`` to programs that await, whose sweeps are each an
    ``AsyncSweep``. Where none answers, that is a ``NoServerError``; a server refuses with a
    ``RequestRefusedError``; a stream that ends too early is a ``StreamBrokenError``; what it keeps is a
    ``KeptRun`` or a ``KeptSweep``.
Bring your own
    ``points_from_csv`` makes a file of points the problem of a run, or says in a ``PointsError`` which of its
    cells it cannot take.
    ``OptimizerInfo``, ``LRSchedulerInfo``, ``FunctionInfo`` and ``DatasetInfo`` describe an optimizer, a
    scheduler, a test function and a dataset for the entry points ``optiscope.optimizers``,
    ``optiscope.lr_schedulers`` and ``optiscope.problems``. They are made of ``Hyperparameter``, ``Stretch``,
    ``Stationary``, ``Suggestion``, ``MSE`` and ``BCE``.

Nothing of that is imported before it is used: ``import optiscope`` takes no time.
"""

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from optiscope.client import (
        AsyncClient,
        AsyncSweep,
        Client,
        KeptRun,
        KeptSweep,
        NoServerError,
        RequestRefusedError,
        StreamBrokenError,
    )
    from optiscope.engine.advice.linter import LintWarning
    from optiscope.engine.core.config import RunConfig
    from optiscope.engine.core.errors import ConfigError
    from optiscope.engine.core.registry import Hyperparameter
    from optiscope.engine.recipe.lr_schedulers import LRSchedulerInfo, Stretch
    from optiscope.engine.recipe.optimizers import OptimizerInfo
    from optiscope.engine.recipe.problems.datasets import BCE, MSE, DatasetInfo
    from optiscope.engine.recipe.problems.functions import FunctionInfo, Stationary
    from optiscope.engine.recipe.problems.suggestion import Suggestion
    from optiscope.export.choosing import ExportError
    from optiscope.export.reading import read_run
    from optiscope.figures import figure
    from optiscope.local import compare, lint, lr_range_test, plan_sweep, race, sweep, train
    from optiscope.lr_range import LRRange, NoRateError
    from optiscope.points_csv import PointsError, points_from_csv
    from optiscope.racing import Difference, Judged, Race
    from optiscope.records import Record, Run
    from optiscope.showing import Shown, show
    from optiscope.swept import Sweep, SweepBrokenError
    from optiscope.watching.audit import audit
    from optiscope.watching.watch import Watch, watch

__version__ = "0.1.0"

__all__ = [
    "BCE",
    "MSE",
    "AsyncClient",
    "AsyncSweep",
    "Client",
    "ConfigError",
    "DatasetInfo",
    "Difference",
    "ExportError",
    "FunctionInfo",
    "Hyperparameter",
    "Judged",
    "KeptRun",
    "KeptSweep",
    "LRRange",
    "LRSchedulerInfo",
    "LintWarning",
    "NoRateError",
    "NoServerError",
    "OptimizerInfo",
    "PointsError",
    "Race",
    "Record",
    "RequestRefusedError",
    "Run",
    "RunConfig",
    "Shown",
    "Stationary",
    "StreamBrokenError",
    "Stretch",
    "Suggestion",
    "Sweep",
    "SweepBrokenError",
    "Watch",
    "audit",
    "compare",
    "figure",
    "lint",
    "lr_range_test",
    "plan_sweep",
    "points_from_csv",
    "race",
    "read_run",
    "show",
    "sweep",
    "train",
    "watch",
]

if __name__ != "optiscope":
    # In a checkout its folder could be imported, too, and everything would be there twice.
    raise ImportError(f"{__name__} is the folder of this package: import optiscope instead", name=__name__)

_HOMES = {
    "client": (
        "AsyncClient",
        "AsyncSweep",
        "Client",
        "KeptRun",
        "KeptSweep",
        "NoServerError",
        "RequestRefusedError",
        "StreamBrokenError",
    ),
    "engine.advice.linter": ("LintWarning",),
    "engine.core.config": ("RunConfig",),
    "engine.core.errors": ("ConfigError",),
    "engine.core.registry": ("Hyperparameter",),
    "engine.recipe.lr_schedulers": ("LRSchedulerInfo", "Stretch"),
    "engine.recipe.optimizers": ("OptimizerInfo",),
    "engine.recipe.problems.datasets": ("BCE", "MSE", "DatasetInfo"),
    "engine.recipe.problems.functions": ("FunctionInfo", "Stationary"),
    "engine.recipe.problems.suggestion": ("Suggestion",),
    "export.choosing": ("ExportError",),
    "export.reading": ("read_run",),
    "figures": ("figure",),
    "local": ("compare", "lint", "lr_range_test", "plan_sweep", "race", "sweep", "train"),
    "lr_range": ("LRRange", "NoRateError"),
    "points_csv": ("PointsError", "points_from_csv"),
    "racing": ("Difference", "Judged", "Race"),
    "records": ("Record", "Run"),
    "showing": ("Shown", "show"),
    "swept": ("Sweep", "SweepBrokenError"),
    "watching.audit": ("audit",),
    "watching.watch": ("Watch", "watch"),
}


def _load(name: str) -> Any:
    """A public name, from the module that it is defined in."""
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        module = sys.modules[__name__]  # by which Python asks whether a near name was meant
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name, obj=module)
    return globals().setdefault(name, getattr(import_module(f"{__name__}.{home}"), name))


if not TYPE_CHECKING:  # which would believe that any name is there
    __getattr__ = _load


def __dir__() -> list[str]:
    """What is public, loaded or not, and what every module has."""
    return sorted({*__all__, *(name for name in globals() if name.startswith("__"))})
