"""The optimizers of the package ``heavyball``, without ``torch.compile``.

The package compiles its updates unless ``heavyball.utils.compile_mode`` is None, which the adapter makes it, as
scripts do here: compiling takes longer than a run of so small a network, and changes no number.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import NoneType
from typing import Any, Final

from torch.optim import Optimizer

from optiscope.engine.core.tree import cloned
from optiscope.engine.core.words import say
from optiscope.engine.recipe.adapters.missing import is_missing, left_out, missing
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying import Help
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.drawing import SEED, Draws
from optiscope.engine.recipe.adapters.pytorch_optimizer.carrying.kept import params_of
from optiscope.engine.recipe.adapters.pytorch_optimizer.describe import declared_by
from optiscope.engine.recipe.adapters.pytorch_optimizer.seen import seen_of
from optiscope.engine.recipe.optimizers.ideas import Idea
from optiscope.engine.recipe.optimizers.info import OptimizerInfo

PACKAGE = "heavyball"

_STATS = "heavyball"
_M = r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) g_t"
_V = r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) g_t^2"
_ADAM = r"\theta_t \leftarrow \theta_{t-1} - \gamma\frac{\hat m_t}{\sqrt{\hat v_t}+\epsilon}"
_LAPROP = (_V, r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\frac{g_t}{\sqrt{\hat v_t}+\epsilon}")

_ENTRIES: Final[Mapping[str, tuple[Idea, tuple[str, ...]]]] = {
    "SGD": (
        "gradient",
        (r"b_t \leftarrow \beta b_{t-1} + g_t", r"\theta_t \leftarrow \theta_{t-1} - \gamma b_t"),
    ),
    "AdamW": ("averages", (_M, _V, _ADAM)),
    "NAdam": (
        "averages",
        (
            _M,
            _V,
            r"\theta_t \leftarrow \theta_{t-1} - \gamma\frac{\mu_{t+1}\hat m_t+(1-\mu_t)\hat g_t}{\sqrt{\hat v_t}+\epsilon}",
        ),
    ),
    "AdEMAMix": (
        "averages",
        (
            _M,
            r"n_t \leftarrow \beta_3 n_{t-1} + (1-\beta_3) g_t",
            _V,
            r"\theta_t \leftarrow \theta_{t-1} - \gamma\frac{\hat m_t+\alpha n_t}{\sqrt{\hat v_t}+\epsilon}",
        ),
    ),
    "AdamC": ("averages", (_M, _V, _ADAM)),
    "RMSprop": (
        "squares",
        (_V, r"\theta_t \leftarrow \theta_{t-1} - \gamma\frac{g_t}{\sqrt{\hat v_t}+\epsilon}"),
    ),
    "HyperBallAdamW": (
        "layers",
        (_M, _V, _ADAM, r"\theta_t \leftarrow \lVert\theta_0\rVert\,\theta_t/\lVert\theta_t\rVert"),
    ),
    "ADOPT": (
        "averages",
        (
            r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1)\frac{g_t}{\max(\sqrt{v_{t-1}},\epsilon)}",
            r"\theta_t \leftarrow \theta_{t-1} - \gamma m_t",
            _V,
        ),
    ),
    "LaProp": ("averages", (*_LAPROP, r"\theta_t \leftarrow \theta_{t-1} - \gamma\hat m_t")),
    "SignLaProp": ("signs", (*_LAPROP, r"\theta_t \leftarrow \theta_{t-1} - \gamma\,\text{sign}(m_t)")),
    "OrthoLaProp": (
        "averages",
        (
            r"g_t \leftarrow g_t - \frac{\theta^\top g_t}{\theta^\top\theta}\,\theta",
            *_LAPROP,
            r"\theta_t \leftarrow \theta_{t-1} - \gamma\hat m_t",
        ),
    ),
    "LaPropOrtho": (
        "averages",
        (
            *_LAPROP,
            r"u_t \leftarrow \hat m_t - \frac{\theta^\top\hat m_t}{\theta^\top\theta}\,\theta",
            r"\theta_t \leftarrow \theta_{t-1} - \gamma u_t",
        ),
    ),
    "Muon": (
        "matrices",
        (
            r"B_t \leftarrow \mu B_{t-1} + (1-\mu) G_t",
            r"O_t \leftarrow \text{orthogonalised } (\mu B_t + (1-\mu) G_t)",
            r"\Theta_t \leftarrow \Theta_{t-1} - \gamma\,s\,O_t",
        ),
    ),
    "MuonLaProp": (
        "matrices",
        (*_LAPROP, r"\Theta_t \leftarrow \Theta_{t-1} - \gamma\,s\,\text{orthogonalised } M_t"),
    ),
    "PSGDKron": (
        "matrices",
        (
            r"Q \leftarrow Q - \eta\,\text{triu}(\ldots)\,Q \text{ so that } Q^\top Q\,E[gg^\top]\,Q^\top Q \to I",
            r"\Theta_t \leftarrow \Theta_{t-1} - \gamma\,(Q_1^\top Q_1)\,M_t\,(Q_2^\top Q_2)",
        ),
    ),
    "PSGDPRO": (
        "matrices",
        (
            r"Q \leftarrow \text{Procrustes-corrected step of } Q",
            r"\Theta_t \leftarrow \Theta_{t-1} - \gamma\,(Q_1^\top Q_1)\,M_t\,(Q_2^\top Q_2)",
        ),
    ),
}
"""By name, the idea of each and its update."""

_LEFT_OUT: Final[Mapping[str, Idea]] = dict.fromkeys(("SOAP", "SOLP", "KLSOAP", "KLShampoo"), "matrices")
"""A run of theirs goes on from their state with other numbers than one that is not cut."""

_DRAW = frozenset({"Muon", "MuonLaProp", "PSGDKron", "PSGDPRO"})
"""They draw from torch's global generator."""

_FLOAT32 = frozenset({"PSGDKron", "PSGDPRO"})
"""Their preconditioners are in float32, and meet no gradient of another dtype."""

_ARGUMENTS: Final[Mapping[str, str]] = {
    "lr": "Learning rate.",
    "beta": "Decay of the momentum.",
    "betas": "Decay of the running averages.",
    "eps": "Added to the denominator.",
    "weight_decay": "Decay of the weights.",
    "cautious_weight_decay": "Decay weights only where the update agrees in sign.",
    "warmup_steps": "Steps in which the rate rises to lr.",
    "mars": "Correct the gradient by its change, as MARS does.",
    "mars_gamma": "Strength of that correction.",
    "caution": "Leave out the parts of an update that go against the gradient.",
}


class Restores:
    """Goes on from its state alone: what the package adds is made anew, and nothing of it is unpickled."""

    def state_dict(self) -> dict[str, Any]:
        """The state, without the package's own settings."""
        return {k: v for k, v in super().state_dict().items() if k != _STATS}  # type: ignore[misc]

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Go on from there."""
        bare = {key: value for key, value in state_dict.items() if key != _STATS}
        super().load_state_dict({**bare, "state": {}})  # type: ignore[misc] # of the real class
        params = params_of(self)
        for number, kept in state_dict["state"].items():
            self.state[params[number]] = cloned(kept)  # type: ignore[attr-defined]


def optimizers() -> Iterator[OptimizerInfo]:
    """What is offered; what is missing, where the package is."""
    if is_missing(PACKAGE):
        yield from missing(PACKAGE, {name: idea for name, (idea, _) in _ENTRIES.items()})
        yield from missing(PACKAGE, _LEFT_OUT)
        return
    package = import_module(PACKAGE)
    utils: Any = import_module(f"{PACKAGE}.utils")
    utils.compile_mode = None
    for name in _ENTRIES:
        yield _info(getattr(package, name))
    for name, idea in _LEFT_OUT.items():
        yield left_out(PACKAGE, name, idea, say("left_out_resume", optimizer=name))


def _info(real: type[Optimizer]) -> OptimizerInfo:
    name = real.__name__
    idea, formula = _ENTRIES[name]
    mixins = (Draws, Restores) if name in _DRAW else (Restores,)
    told = {"__doc__": real.__doc__, "__module__": real.__module__, "__signature__": inspect.signature(real)}
    seed = (SEED,) if name in _DRAW else ()
    summary, paper = _told(real)
    cls = type(name, (*mixins, real), told)
    declared = (*declared_by(real, _ARGUMENTS), *seed)
    kept: Mapping[str, Any] = next(iter(seen_of(cls, declared, (2, 3), Help()).state[0].values()), {})
    return OptimizerInfo(
        name=name,
        cls=cls,
        summary=summary,
        hyperparameters=declared,
        state={key: _meaning(key) for key, value in kept.items() if not isinstance(value, set | NoneType)},
        formula=r",\quad ".join(formula),
        paper=paper,
        source=PACKAGE,
        idea=idea,
        copies=_COPIES,
        draws=("torch",) if name in _DRAW else (),
        float32_only=name in _FLOAT32,
        files=False,
        setup=f"{PACKAGE}.utils.compile_mode = None  # else torch.compile",
    )


_MEANINGS: Final[Mapping[str, str]] = {
    "step": "Steps taken.",
    "momentum": "Running average of the gradient.",
    "exp_avg_fast": "Fast running average of the gradient.",
    "exp_avg_slow": "Slow running average of the gradient.",
    "exp_avg_sq": "Running average of the squared gradient, v.",
    "exp_avg": "Running average of the gradient, m.",
    "mu_product": "Product of the momentum factors.",
    "init_norm": "Norm of the parameter at the start.",
    "running_lower_bound": "Bound of the size of the preconditioner.",
    "Q": "Factors of the preconditioner, or bases, one for each side.",
    "GG": "Averages of the gradient times its transpose, from the left and from the right.",
    "warmup": "Steps of its own warm-up.",
}
"""By the end of a key, the longer ones first."""


def _meaning(key: str) -> str:
    """What a key means: ``update_by_adam_exp_avg_0`` ends, but for a number, in ``exp_avg``."""
    bare = re.sub(r"_\d+$", "", key)
    return next((said for end, said in _MEANINGS.items() if bare.endswith(end)), "Kept by heavyball.")


_COPIES = 12
"""More than any of them keeps of a small matrix."""


def _told(real: type[Optimizer]) -> tuple[str, str]:
    """What the docstring of a class says that it is, and its first source."""
    text = inspect.getdoc(real) or real.__name__
    head, _, sources = text.partition("Sources:")
    first = [line.strip() for line in sources.strip().splitlines()[:3] if line.strip()]
    return " ".join(re.split(r"\n\s*\n", head.strip())[-1].split()), ". ".join(first) or PACKAGE
