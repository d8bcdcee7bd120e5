"""A class of ``pytorch_optimizer`` as an entry, read from its signature and its docstring."""

import inspect
import math
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin

from torch import Tensor
from torch.optim import Optimizer

from optiscope.engine.core.registry import Hyperparameter, Kind
from optiscope.engine.core.words import Said
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying import MARK, carried, help_for
from optiscope.engine.recipe.adapters.pytorch_optimizer.formulas import FORMULAS
from optiscope.engine.recipe.adapters.pytorch_optimizer.ideas import IDEAS
from optiscope.engine.recipe.adapters.pytorch_optimizer.papers import PAPERS
from optiscope.engine.recipe.adapters.pytorch_optimizer.seen import seen_of
from optiscope.engine.recipe.adapters.pytorch_optimizer.words import NOTES, meaning
from optiscope.engine.recipe.optimizers import OptimizerInfo
from optiscope.engine.recipe.optimizers.info import Generator, OwnRate

PACKAGE = "pytorch_optimizer"
_DOCUMENTATION = f"{PACKAGE}, https://pytorch-optimizers.readthedocs.io"

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

_OF_VECTORS = frozenset({"adamw_lr", "adamw_betas", "adamw_wd", "adamw_eps"})
_LEFT_OUT = {
    **dict.fromkeys(("Muon", "AdaMuon", "AdaGO", "NorMuon", "MuonClip"), _OF_VECTORS),
    "A2Grad": frozenset({"lr"}),
    "SaRA": frozenset({"lambda_rank"}),
    "WSAM": frozenset({"max_norm"}),
}
"""What changes nothing where vectors have another optimizer, or at all, or needs Python's generator."""

_DRAWS_FROM: dict[str, tuple[Generator, ...]] = {"Kron": ("torch", "numpy")}

_FAR = 1_000_000

_MOST = 100
"""Of a whole number that may be how often something is done in each step."""

_COSTS_NOTHING = frozenset(
    {
        "beta1_warmup",
        "block_size",
        "decoupling_c",
        "grad_accu_steps",
        "grokfast_after_step",
        "lookahead_merge_time",
        "max_dim",
        "max_precondition_dim",
        "max_size_triangular",
        "memory_length",
        "n_sma_threshold",
        "no_preconditioning_for_layers_with_dim_gt",
        "num_data",
        "num_iterations",
        "num_warm_down_iterations",
        "num_warm_up_iterations",
        "precondition_frequency",
        "progressive_iter",
        "preconditioning_compute_steps",
        "inverse_steps",
        "start_preconditioning_step",
        "statistics_compute_steps",
        "steps_before_using_centered",
        "subset_size",
        "t_max",
        "threshold",
        "update_interval",
        "update_period",
        "update_proj_gap",
        "warmup_epoch",
        "warmup_steps",
    }
)
"""Whole numbers that say when, or up to which size, something is done: larger ones make no step longer."""

_SUGGESTED = 300
"""A number of steps, where one is required."""

_HISTORIES = {"AdaShift": ("keep_num", "keep_num")}
"""It keeps so many gradients, in a queue that is at its longest only after as many steps."""

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
    help_, made = help_for(cls), carried(cls)
    declared = (*help_.more(), *declared_by(cls, _arguments(text)))
    seen = seen_of(made, declared, (_ROWS, _COLUMNS), help_)
    state = seen.state
    shapes = list(_shapes(state[0].values()))
    squares = sum(shape in _SQUARES for shape in shapes) // len(_SQUARES)
    return OptimizerInfo(
        name=cls.__name__,
        cls=made,
        summary=" ".join(filter(None, (text.partition("\n")[0], NOTES.get(cls.__name__)))),
        hyperparameters=declared,
        state={key: meaning(cls.__name__, key) for kept in state for key in kept},
        formula=FORMULAS.get(cls.__name__, ""),
        paper=PAPERS.get(cls.__name__, _DOCUMENTATION),
        source=PACKAGE,
        own_rate=_OWN_RATES.get(cls.__name__),
        copies=len(shapes) - squares * len(_SQUARES),
        history=_HISTORIES.get(cls.__name__),
        squares=squares,
        moves_without_rate=seen.moves_without_rate,
        schedule_free=seen.schedule_free,
        idea=IDEAS.get(cls.__name__, "other"),
        later=_LATER.get(cls.__name__, ()),
        closure=help_.closure,
        matrices_only=help_.marks or help_.matrices,
        made_of=help_.takes,
        marks=MARK if help_.marks else None,
        draws=_DRAWS_FROM.get(cls.__name__, ("torch",)) if help_.draws else (),
        keeps_graph=help_.graph,
        again=help_.again,
        float32_only=help_.float32_only,
        trains=help_.trains,
        files=not (help_.draws or help_.objects),
    )


def unavailable(cls: type[Optimizer], why: Said) -> OptimizerInfo:
    """One class that is left out, as its docstring describes it."""
    return OptimizerInfo(
        name=cls.__name__,
        cls=cls,
        summary=(inspect.getdoc(cls) or "").partition("\n")[0],
        hyperparameters=(),
        state={},
        formula=FORMULAS.get(cls.__name__, ""),
        paper=PAPERS.get(cls.__name__, _DOCUMENTATION),
        source=PACKAGE,
        unavailable=why,
        idea=IDEAS.get(cls.__name__, "other"),
    )


def declared_by(cls: type[Optimizer], lines: Mapping[str, str]) -> tuple[Hyperparameter, ...]:
    """The hyperparameters of a class, from its signature and what is said of its arguments."""
    left_out = _LEFT_OUT.get(cls.__name__, frozenset())
    return tuple(
        h
        for parameter in list(inspect.signature(cls.__init__).parameters.values())[2:]
        if parameter.name not in left_out
        if (h := _hyperparameter(parameter, lines.get(parameter.name, ""))) is not None
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
    described = _Described(parameter, line or "See the documentation of its package.")
    return getattr(described, f"as_{kind}")()  # type: ignore[no-any-return]


def _annotation(parameter: inspect.Parameter) -> object:
    """What a keyword takes; where its author does not say, a number such as its default."""
    if parameter.annotation is not parameter.empty:
        return parameter.annotation
    return float if parameter.name in _BOUNDS else type(parameter.default)


def _kind(parameter: inspect.Parameter) -> Kind | None:
    default, annotation = parameter.default, _annotation(parameter)
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
            _FAR if self.name in _COSTS_NOTHING else max(_MOST, self.default or 0),
            scale="log",
            optional=self.optional,
            suggested=_SUGGESTED if self.default is None and not self.optional else None,
        )


def _shapes(values: Iterable[Any]) -> Iterator[tuple[int, ...]]:
    """The shapes of tensors among values, and within what holds several; a number has none of its own."""
    for value in values:
        if isinstance(value, Tensor):
            yield tuple(value.shape)
        elif isinstance(value, dict):
            yield from _shapes(value.values())
        elif isinstance(value, list | tuple | deque):
            yield from _shapes(value)
        elif isinstance(value, int | float):
            yield ()
