"""What a step does to the average beside the parameters, line by line, with its numbers."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from torch import Tensor

from optiscope.engine.core.config import EMAConfig
from optiscope.engine.core.words import Said, say
from optiscope.engine.lens.update.line import Formula, Line
from optiscope.engine.lens.update.moves import Update, bounded
from optiscope.engine.lens.update.sheet import Named, Worked, sheet_of
from optiscope.engine.loop.training import Training
from optiscope.engine.recipe.averaging import is_averaged

_SYMBOLS = {
    "param": r"\theta_t",
    "average": r"\bar\theta_{t-1}",
    "n_averaged": "n",
    "decay": "d",
    "z": "z_t",
    "beta": r"\beta",
}
_AVERAGE = r"\bar\theta_t"
_COPIED = Line(
    "average", _AVERAGE, "<param>", "param.clone()", say("line_average_begins"), "n_averaged == 0", "average"
)
EMA = Formula(
    (
        _COPIED,
        Line(
            "average",
            _AVERAGE,
            "<decay> * <average> + (1 - <decay>) * <param>",
            "average.lerp(param, 1 - decay)",
            say("line_ema"),
            "n_averaged > 0",
            "average",
        ),
    ),
    symbols=_SYMBOLS,
)
SWA = Formula(
    (
        _COPIED,
        Line(
            "average",
            _AVERAGE,
            r"<average> + \frac{<param> - <average>}{<n_averaged> + 1}",
            "average + (param - average) / (n_averaged + 1)",
            say("line_swa"),
            "n_averaged > 0",
            "average",
        ),
    ),
    symbols=_SYMBOLS,
)
SCHEDULE_FREE = Formula(
    (
        Line(
            "average",
            "x_t",
            r"<param> + (1 - \frac{1}{<beta>}) * (<z> - <param>)",
            "param.lerp(z, 1.0 - 1.0 / beta)",
            say("line_schedule_free"),
            kept="average",
        ),
    ),
    symbols={**_SYMBOLS, "param": "y_t"},
)

_WHOLE = {
    "EMA": r"\bar\theta_t \leftarrow d\,\bar\theta_{t-1} + (1-d)\,\theta_t",
    "SWA": r"\bar\theta_t \leftarrow \bar\theta_{t-1} + \frac{\theta_t - \bar\theta_{t-1}}{n+1}",
    "schedule-free": r"x_t \leftarrow y_t + \left(1 - \frac{1}{\beta}\right)(z_t - y_t)",
}


class Averaged:
    """Remembers an average as a step finds it, to tell what the step has made of it.

    Args:
        training: Which is about to take the step.
    """

    def __init__(self, training: Training) -> None:
        self._training = training
        names = [name for name, _ in training.model.named_parameters()]
        self._before: dict[str, Tensor] = {}
        self._count = 0
        if (average := training.average) is not None:
            self._before = dict(zip(names, (tensor.clone() for tensor in average.tensors), strict=True))
            self._count = int((average.state_dict() or {}).get("n_averaged", 0))

    def updates(self, names: Sequence[str], step: int, most: int) -> Iterator[Update]:
        """What became of the average of each parameter; to be called when the step has been taken.

        Args:
            names: Of the parameters.
            step: Which step that was, counted from 1.
            most: How many numbers to tell, see :func:`.moves.bounded`.
        """
        yield from bounded((self._update(name, step) for name in names if name in self._before), most)

    def _update(self, name: str, step: int) -> Update:
        training = self._training
        assert training.average is not None  # noqa: S101 - else there are no names
        named = dict(training.model.named_parameters())
        after = dict(zip(named, training.average.tensors, strict=True))[name].clone()
        kind, formula, values, why = self._told(named[name], step)
        before = self._before[name]
        lines: tuple[Worked, ...] = ()
        shown: Mapping[str, Named] = {}
        if formula is not None and why is None:
            found = {"param": named[name].detach().clone(), "average": before, **values}
            sheet = sheet_of(formula, found, {"average": after}, {})
            lines, shown = tuple(sheet.worked(formula.lines)), sheet.shown
        whole = _WHOLE.get(kind, "")
        return Update(name, kind, None, whole, why, before.numpy(), after.numpy(), shown, lines)

    def _told(self, param: Tensor, step: int) -> tuple[str, Formula | None, Mapping[str, Any], Said | None]:
        """What the average is called, its formula and what that is of, or why there are no lines."""
        config = self._training.config.average
        if config is None:
            return self._of_optimizer(param)
        formula = EMA if isinstance(config, EMAConfig) else SWA
        decay = {"decay": config.decay} if isinstance(config, EMAConfig) else {}
        why = None if is_averaged(config, step) else say("average_waits", step=step)
        return config.name, formula, {"n_averaged": self._count, **decay}, why

    def _of_optimizer(self, param: Tensor) -> tuple[str, Formula | None, Mapping[str, Any], Said | None]:
        """The point that a schedule-free optimizer is evaluated at, by the ``z`` that it keeps."""
        optimizer = self._training.optimizers[0]
        z = optimizer.state.get(param, {}).get("z")
        groups = (g for g in optimizer.param_groups if any(one is param for one in g["params"]))
        group = next(groups, {})  # none has what was replaced, or is added later
        beta = group.get("momentum", group.get("betas", (None,))[0])
        if z is None or not beta:
            return "schedule-free", None, {}, say("average_of_optimizer")
        return "schedule-free", SCHEDULE_FREE, {"z": z.detach().clone(), "beta": beta}, None
