"""Which update an optimizer has: one for each class of torch and for each way that its flags make it go."""

from collections.abc import Mapping
from dataclasses import replace

import torch

from optiscope.engine.core.config import OptimizerConfig
from optiscope.engine.sweep.updates import adam, momentum, signs, squares
from optiscope.engine.sweep.updates.update import Column, Power, Update


def _none(_: float) -> float:
    return 0.0


_BETAS = (Column("lr"), Column("betas/0"), Column("betas/1"), Column("eps"))
_COUPLED = (Column("weight_decay"), Column("weight_decay", _none))
_DECOUPLED = (Column("weight_decay", _none), Column("weight_decay"))
_MOMENTUM_DECAY = Column("momentum_decay")
_PLAIN_SGD = Update(
    oracle=torch.optim.SGD,
    columns=(Column("lr"), Column("momentum"), Column("dampening"), Column("weight_decay")),
    powers=(),
    scalars=(0.0,),
    states=1,
    coefficients=4,
    prepare=momentum.prepare_sgd,
    move=momentum.move_sgd,
)
_ASGD = Update(
    oracle=torch.optim.ASGD,
    columns=(Column("lr"), Column("lambd"), Column("alpha"), Column("weight_decay")),
    powers=(),
    scalars=(0.0, 0.0),
    states=0,
    coefficients=3,
    prepare=momentum.prepare_asgd,
    move=momentum.move_asgd,
)
_ADAGRAD = Update(
    oracle=torch.optim.Adagrad,
    columns=(Column("lr"), Column("lr_decay"), Column("weight_decay"), Column("eps")),
    powers=(),
    scalars=(),
    states=1,
    coefficients=3,
    prepare=squares.prepare_adagrad,
    move=squares.move_adagrad,
    gather=squares.gather_adagrad,
    roots=1,
    first_state="initial_accumulator_value",
)
_ADADELTA = Update(
    oracle=torch.optim.Adadelta,
    columns=(Column("lr"), Column("rho"), Column("eps"), Column("weight_decay")),
    powers=(),
    scalars=(),
    states=2,
    coefficients=5,
    prepare=squares.prepare_adadelta,
    move=squares.move_adadelta,
    gather=squares.gather_adadelta,
    roots=2,
)
_RMSPROP = Update(
    oracle=torch.optim.RMSprop,
    columns=(
        Column("lr"),
        Column("alpha"),
        Column("eps"),
        Column("weight_decay"),
        Column("momentum"),
    ),
    powers=(),
    scalars=(),
    states=2,
    coefficients=6,
    prepare=squares.prepare_rmsprop,
    move=squares.move_rmsprop,
    gather=squares.gather_rmsprop,
    roots=1,
)
_ADAM = Update(
    oracle=torch.optim.Adam,
    columns=(*_BETAS, *_COUPLED),
    powers=(Power(1), Power(2)),
    scalars=(),
    states=2,
    coefficients=8,
    prepare=adam.prepare_adam,
    move=adam.move_adam,
    gather=adam.gather_adam,
    roots=1,
)
_ADAMAX = Update(
    oracle=torch.optim.Adamax,
    columns=(*_BETAS, Column("weight_decay")),
    powers=(Power(1),),
    scalars=(),
    states=2,
    coefficients=5,
    prepare=adam.prepare_adamax,
    move=adam.move_adamax,
)
_NADAM = Update(
    oracle=torch.optim.NAdam,
    columns=(*_BETAS, *_COUPLED, _MOMENTUM_DECAY),
    powers=(Power(2), Power(6, 0.96), Power(6, 0.96, ahead=1)),
    scalars=(1.0,),
    states=2,
    coefficients=9,
    prepare=adam.prepare_nadam,
    move=adam.move_nadam,
    gather=adam.gather_nadam,
    roots=1,
)
_RADAM = Update(
    oracle=torch.optim.RAdam,
    columns=(*_BETAS, *_COUPLED),
    powers=(Power(1), Power(2)),
    scalars=(),
    states=2,
    coefficients=10,
    prepare=adam.prepare_radam,
    move=adam.move_radam,
    gather=adam.gather_radam,
    roots=1,
)
_RPROP = Update(
    oracle=torch.optim.Rprop,
    columns=(
        Column("lr"),
        Column("etas/0"),
        Column("etas/1"),
        Column("step_sizes/0"),
        Column("step_sizes/1"),
    ),
    powers=(),
    scalars=(0.0,),
    states=2,
    coefficients=6,
    prepare=signs.prepare_rprop,
    move=signs.move_rprop,
)
_DECOUPLED_ADAM = replace(_ADAM, columns=(*_BETAS, *_DECOUPLED))
_ADAMW = replace(_DECOUPLED_ADAM, oracle=torch.optim.AdamW)

Key = tuple[str, frozenset[str]]
"""The name of an optimizer, and those of its flags that are on and make it another function."""

FLAGS = ("amsgrad", "centered", "decoupled_weight_decay", "nesterov")

UPDATES: Mapping[Key, Update] = {
    ("SGD", frozenset()): _PLAIN_SGD,
    ("SGD", frozenset({"nesterov"})): replace(_PLAIN_SGD, move=momentum.move_nesterov),
    ("ASGD", frozenset()): _ASGD,
    ("Adagrad", frozenset()): _ADAGRAD,
    ("Adadelta", frozenset()): _ADADELTA,
    ("RMSprop", frozenset()): _RMSPROP,
    ("RMSprop", frozenset({"centered"})): replace(
        _RMSPROP, states=3, move=squares.move_centered, gather=squares.gather_centered
    ),
    ("Adam", frozenset()): _ADAM,
    ("Adam", frozenset({"decoupled_weight_decay"})): _DECOUPLED_ADAM,
    ("Adam", frozenset({"amsgrad"})): replace(
        _ADAM, states=3, move=adam.move_amsgrad, gather=adam.gather_amsgrad
    ),
    ("Adam", frozenset({"amsgrad", "decoupled_weight_decay"})): replace(
        _DECOUPLED_ADAM, states=3, move=adam.move_amsgrad, gather=adam.gather_amsgrad
    ),
    ("AdamW", frozenset()): _ADAMW,
    ("AdamW", frozenset({"amsgrad"})): replace(
        _ADAMW, states=3, move=adam.move_amsgrad, gather=adam.gather_amsgrad
    ),
    ("Adamax", frozenset()): _ADAMAX,
    ("NAdam", frozenset()): _NADAM,
    ("NAdam", frozenset({"decoupled_weight_decay"})): replace(
        _NADAM, columns=(*_BETAS, *_DECOUPLED, _MOMENTUM_DECAY)
    ),
    ("RAdam", frozenset()): _RADAM,
    ("RAdam", frozenset({"decoupled_weight_decay"})): replace(_RADAM, columns=(*_BETAS, *_DECOUPLED)),
    ("Rprop", frozenset()): _RPROP,
}
"""The updates by the name of the optimizer and the flags that are on."""


def key_of(optimizer: OptimizerConfig) -> Key:
    """Under which key the update of an optimizer is, if there is one."""
    flags = frozenset(flag for flag in FLAGS if optimizer.hyperparameters.get(flag) is True)
    return optimizer.name, flags - {"decoupled_weight_decay"} if optimizer.name == "AdamW" else flags
