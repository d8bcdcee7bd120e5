"""A class of ``pytorch_optimizer`` as an entry, read from its signature and its docstring."""

import inspect
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter, Kind
from optiscope.engine.recipe.adapters.pytorch_optimizer.ideas import IDEAS
from optiscope.engine.recipe.adapters.pytorch_optimizer.seen import seen_of
from optiscope.engine.recipe.optimizers import OptimizerInfo
from optiscope.engine.recipe.optimizers.info import OwnRate

PACKAGE = "pytorch_optimizer"

_IMPLEMENTATION = {"foreach", "fused", "bf16_sr", "check_numerics", "compress_state_dict", "data_format"}
"""How an update is computed and kept, not what it is."""

_BOUNDS = {"lr": (0.0, 1e9), "eps": (0.0, 1.0), "weight_decay": (0.0, 100.0)}
_BY_ORDERS = {"lr", "eps", "weight_decay"}
"""What a slider moves by orders of magnitude."""

_LATER = {
    "ASGD": ("lr", "theta"),
    "DAdaptAdan": ("d",),
    "SWATS": ("lr", "phase", "momentum_buffer"),
}
"""What some of them move by themselves, some time: SWATS goes over to SGD once it has found a rate."""

_FAR = 1_000_000

_MOST = 100
"""Of a whole number that may be how often something is done in each step."""

_COSTS_NOTHING = frozenset(
    {
        "beta1_warmup",
        "decoupling_c",
        "grokfast_after_step",
        "lookahead_merge_time",
        "max_dim",
        "max_precondition_dim",
        "memory_length",
        "n_sma_threshold",
        "num_iterations",
        "num_warm_down_iterations",
        "num_warm_up_iterations",
        "precondition_frequency",
        "preconditioning_compute_steps",
        "inverse_steps",
        "steps_before_using_centered",
        "subset_size",
        "t_max",
        "update_proj_gap",
        "warmup_steps",
    }
)
"""Whole numbers that say when, or up to which size, something is done: larger ones make no step longer."""

_SUGGESTED = 300
"""A number of steps, where one is required."""

_D_TIMES_LR = OwnRate("d", in_group=True, times_lr=True)
_OWN_RATES = {
    "AdaMod": OwnRate("exp_avg_lr", after=True),
    **dict.fromkeys(("Prodigy", "DAdaptAdam", "DAdaptAdan", "DAdaptLion", "DAdaptSGD"), _D_TIMES_LR),
}
"""Neither signature nor docstring tells of a rate that a class keeps."""

_ROWS, _COLUMNS = 2, 3
_SQUARES = ((_ROWS, _ROWS), (_COLUMNS, _COLUMNS))
"""Matrices of which an optimizer keeps one for each dimension of the matrix that it is looked at with."""


def describe(cls: type[Optimizer]) -> OptimizerInfo:
    """One class, as its signature and its docstring describe it."""
    text = inspect.getdoc(cls) or ""
    lines = _arguments(text)
    declared = tuple(
        h
        for parameter in list(inspect.signature(cls.__init__).parameters.values())[2:]
        if (h := _hyperparameter(parameter, lines.get(parameter.name, ""))) is not None
    )
    seen = seen_of(cls, declared, (_ROWS, _COLUMNS))
    state = seen.state
    shapes = [tuple(tensor.shape) for tensor in _tensors(state[0].values())]
    squares = sum(shape in _SQUARES for shape in shapes)
    numbers = sum(isinstance(value, int | float) for value in state[0].values())
    return OptimizerInfo(
        name=cls.__name__,
        cls=cls,
        summary=text.partition("\n")[0],
        hyperparameters=declared,
        state=dict.fromkeys((key for kept in state for key in kept), f"Kept by {cls.__name__}."),
        formula="",
        paper=f"{PACKAGE}, https://pytorch-optimizers.readthedocs.io",
        source=PACKAGE,
        own_rate=_OWN_RATES.get(cls.__name__),
        copies=len(shapes) - squares + numbers,
        squares=squares // len(_SQUARES),
        moves_without_rate=seen.moves_without_rate,
        schedule_free=seen.schedule_free,
        idea=IDEAS.get(cls.__name__, "other"),
        later=_LATER.get(cls.__name__, ()),
    )


def _arguments(docstring: str) -> dict[str, str]:
    """The first sentence about each argument."""
    found = re.findall(r"^    (\w+): (.+?)(?=^    \w+: |\Z)", docstring, re.DOTALL | re.MULTILINE)
    return {name: re.split(r"(?<=\.)\s", " ".join(text.split()))[0] for name, text in found}


def _hyperparameter(parameter: inspect.Parameter, line: str) -> Hyperparameter | None:
    """The hyperparameter of one keyword, or None if it is nothing to choose."""
    kind = _kind(parameter)
    if kind is None or parameter.name in _IMPLEMENTATION:
        return None
    described = _Described(parameter, line or f"See the documentation of {PACKAGE}.")
    return getattr(described, f"as_{kind}")()  # type: ignore[no-any-return]


def _kind(parameter: inspect.Parameter) -> Kind | None:
    default, annotation = parameter.default, parameter.annotation
    types = (annotation, *get_args(annotation))
    if get_origin(annotation) is Literal:
        return "choice"
    if isinstance(default, bool):
        return "bool"
    if isinstance(default, tuple):
        numbers = [value for value in default if isinstance(value, int | float)]
        return "pair" if len(default) == len(numbers) == len("xy") else None
    absent = default is None or default is parameter.empty
    if float in types and (absent or (isinstance(default, int | float) and math.isfinite(default))):
        return "float"
    return "int" if int in types and (absent or isinstance(default, int)) else None


@dataclass(frozen=True, slots=True)
class _Described:
    """A keyword as a hyperparameter of each kind, with bounds that follow from its default."""

    parameter: inspect.Parameter
    line: str

    @property
    def name(self) -> str:
        return self.parameter.name

    @property
    def default(self) -> Any:
        """The default, None where there is none."""
        return None if self.parameter.default is self.parameter.empty else self.parameter.default

    @property
    def optional(self) -> bool:
        return self.parameter.default is None

    def as_choice(self) -> Hyperparameter:
        choices = get_args(self.parameter.annotation)
        return Hyperparameter(self.name, "choice", self.default, self.line, choices=choices)

    def as_bool(self) -> Hyperparameter:
        return Hyperparameter(self.name, "bool", self.default, self.line)

    def as_pair(self) -> Hyperparameter:
        decays = all(0 <= value < 1 for value in self.default)
        high = 1.0 if decays else _FAR
        return Hyperparameter(self.name, "pair", self.default, self.line, 0.0, high, exclusive_maximum=decays)

    def as_float(self) -> Hyperparameter:
        default = None if self.default is None else float(self.default)
        share = default is None or 0 <= default < 1
        low, high = _BOUNDS.get(
            self.name, (0.0 if default is None or default >= 0 else -_FAR, 1.0 if share else _FAR)
        )
        scale: Literal["log", "linear"] = "log" if self.name in _BY_ORDERS else "linear"
        return Hyperparameter(
            self.name, "float", default, self.line, low, high, scale=scale, optional=self.optional
        )

    def as_int(self) -> Hyperparameter:
        return Hyperparameter(
            self.name,
            "int",
            self.default,
            self.line,
            1 if self.default is None else min(self.default, 1),
            _FAR if self.name in _COSTS_NOTHING else _MOST,
            scale="log",
            optional=self.optional,
            suggested=_SUGGESTED if self.default is None and not self.optional else None,
        )


def _tensors(values: Iterable[Any]) -> Iterator[Tensor]:
    """The tensors among values, and within lists and mappings among them."""
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, dict):
            yield from _tensors(value.values())
        elif isinstance(value, list | tuple):
            yield from _tensors(value)
