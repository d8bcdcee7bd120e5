"""What each thing that is said of a loop means, as a plain loop measures it: no word of Optiscope's."""

import math
from collections.abc import Callable

import numpy as np
import torch

from tests.watching.loop_lines import Plain


def _held(plain):
    return {id(p) for one in plain.optimizers for group in one.param_groups for p in group["params"]}


def _names(plain):
    held = _held(plain)
    return [name for name, p in plain.named().items() if id(p) in held and p.requires_grad]


def _all(plain, test):
    return bool(plain.taken) and all(test(taken) for taken in plain.taken)


def _no_backward(plain):
    return _all(plain, lambda taken: all(taken.grads[name] is None for name in _names(plain)))


def _some_without(plain):
    return any(_all(plain, lambda taken, n=name: taken.grads[n] is None) for name in _names(plain))


def _zero(grad):
    return grad is not None and not grad.any()


def _some_zero(plain):
    return any(_all(plain, lambda taken, n=name: _zero(taken.grads[n])) for name in _names(plain))


def _died(plain):
    """A parameter moved in its first steps, and its gradient was 0 in each of the last ones."""
    early, late = plain.taken[:-20], plain.taken[-20:]
    return any(
        any(taken.moved[n] for taken in early) and all(_zero(taken.grads[n]) for taken in late)
        for n in _names(plain)
    )


def _all_zero(plain):
    return _all(plain, lambda taken: all(_zero(taken.grads[name]) for name in _names(plain)))


def _summed(plain):
    """Each gradient is the sum of what was fresh and of the gradient before."""
    pairs = zip(plain.taken[1:], plain.taken, strict=False)
    return any(
        all(
            now.grads[n] is not None
            and before.grads[n] is not None
            and before.grads[n].any()
            and torch.allclose(now.grads[n], before.grads[n] + now.fresh[n], rtol=1e-3, atol=1e-6)
            for n in _names(plain)
        )
        for now, before in pairs
        if now.fresh
    )


def _again(plain):
    pairs = zip(plain.taken[1:], plain.taken, strict=False)
    return any(not now.fresh and _same(now, before) for now, before in pairs if before.fresh)


def _same(now, before):
    return all(g is not None and torch.equal(g, before.grads[n]) for n, g in now.grads.items())


def _not_finite(plain):
    return any(
        g is not None and not g.isfinite().all() for taken in plain.taken for g in taken.grads.values()
    )


def _rates(plain):
    groups = min(len(taken.lr) for taken in plain.taken)
    return np.array([taken.lr[:groups] for taken in plain.taken])


def _gone(plain):
    rates = _rates(plain).max(axis=1)
    return float((rates < 1e-4 * rates.max()).mean()) > 0.2


def _rises(plain):
    rates = _rates(plain)[:, 0]
    lowest = int(rates.argmin())
    return hasattr(plain.scheduler, "T_max") and 0 < lowest < len(rates) - 5 and rates[-1] > 2 * rates[lowest]


def _unfinished(plain):
    length = getattr(plain.scheduler, "total_steps", None) or getattr(plain.scheduler, "T_max", None)
    return length is not None and plain.taken[-1].called < 0.8 * length


def _momentum(plain):
    first = plain.optimizers[0].defaults.get("momentum")
    return first == 0 and any(max(taken.momentum) > 0 for taken in plain.taken)


def _shrunk(plain):
    """What decay alone would take of a bias or a norm."""
    small = {id(p) for p in plain.named().values() if p.ndim == 1}
    groups = [group for one in plain.optimizers for group in one.param_groups]
    return max(
        (
            sum(taken.lr[k] for taken in plain.taken if k < len(taken.lr)) * group.get("weight_decay", 0)
            for k, group in enumerate(groups)
            if any(id(p) in small for p in group["params"])
        ),
        default=0,
    )


def _decayed_in_gradient(plain):
    optimizer = plain.optimizers[0]
    return isinstance(optimizer, torch.optim.Adam) and (
        not optimizer.defaults.get("decoupled_weight_decay") and optimizer.defaults["weight_decay"] >= 0.01
    )


def _drifts(plain):
    pairs = zip(plain.taken[1:], plain.taken, strict=False)
    frozen = [
        (now, name) for now, before in pairs for name in now.moved if now.frozen[name] and before.frozen[name]
    ]
    return any(now.moved[name] > 0 for now, name in frozen) or any(
        taken.frozen[name] and taken.moved[name] > 0 for taken in plain.taken for name in taken.moved
    )


def _jumps(plain):
    for name in _names(plain):
        frozen = [taken.frozen[name] for taken in plain.taken]
        moved = [taken.moved[name] for taken in plain.taken]
        for k in range(1, len(frozen) - 5):
            usual = min(np.median(part) for part in (moved[k + 1 : k + 11], moved[k + 11 : k + 21]) if part)
            if frozen[k - 1] and not frozen[k] and moved[k] > 3 * usual:
                return True
    return False


def _norm(taken):
    return math.sqrt(sum(float(g.square().sum()) for g in taken.grads.values() if g is not None))


def _clipped(plain):
    return [_norm(taken) < 0.999 * taken.clip for taken in plain.taken if taken.clip is not None]


def _shares(plain):
    """How long each step of a parameter was, for its length."""
    return [
        [
            taken.moved[n] / taken.size[n]
            for taken in plain.taken
            if taken.size[n] and taken.grads[n] is not None
        ]
        for n in _names(plain)
    ]


def _low(plain):
    states = [(p, v) for one in plain.optimizers for p, s in one.state.items() for v in s.values()]
    return any(
        isinstance(v, torch.Tensor) and v.is_floating_point() and v.dtype.itemsize < p.dtype.itemsize
        for p, v in states
    )


def _quarters(plain):
    losses = [loss for loss in plain.losses if math.isfinite(loss)]
    quarter = len(losses) // 4
    return np.median(losses[:quarter]), np.median(losses[-quarter:])


MEASURED: dict[str, Callable[[Plain], bool]] = {
    "all_frozen": lambda plain: not any(p.requires_grad for p in plain.named().values()),
    "clip_always": lambda plain: bool(_clipped(plain)) and all(_clipped(plain)),
    "clip_never": lambda plain: bool(_clipped(plain)) and not any(_clipped(plain)),
    "cosine_rises_again": _rises,
    "decay_on_norms": lambda plain: _shrunk(plain) > 0.1,
    "decay_on_norms_in_gradient": _decayed_in_gradient,
    "foreign_parameters": lambda plain: not _held(plain) & {id(p) for p in plain.named().values()},
    "frozen_still_moves": _drifts,
    "gradient_not_finite": _not_finite,
    "gradients_all_zero": _all_zero,
    "gradients_not_cleared": _summed,
    "gradients_used_twice": _again,
    "layer_died": _died,
    "layer_gradient_zero": _some_zero,
    "layer_without_gradient": _some_without,
    "learning_rate_zero": lambda plain: not _rates(plain).any(),
    "loss_grows": lambda plain: _quarters(plain)[1] > 10 * abs(_quarters(plain)[0]),
    "loss_maximized": lambda plain: (
        plain.optimizers[0].defaults.get("maximize") and _quarters(plain)[1] > _quarters(plain)[0]
    ),
    "loss_unsaid": lambda plain: not plain.losses,
    "momentum_switched_on": _momentum,
    "no_backward": _no_backward,
    "no_group": lambda plain: any(
        id(p) not in _held(plain) and p.requires_grad for p in plain.named().values()
    ),
    "optimizer_never_steps": lambda plain: any(
        torch.equal(plain.named()[name], plain.begun[name])
        for name in _names(plain)
        if plain.taken[0].grads[name] is not None
    ),
    "rate_vanishes": _gone,
    "schedule_ran_out": _gone,
    "schedule_unfinished": _unfinished,
    "scheduler_called_often": lambda plain: plain.taken[-1].called > 1.5 * len(plain.taken),
    "scheduler_first": lambda plain: getattr(plain.taken[0], "called", 0) == 1,
    "scheduler_of_another": lambda plain: (
        plain.scheduler is not None and plain.scheduler.optimizer is not plain.optimizers[0]
    ),
    "scheduler_silent": lambda plain: plain.scheduler is not None and plain.scheduler.last_epoch == 0,
    "state_has_fewer_bits": _low,
    "step_in_autocast": lambda plain: any(taken.autocast for taken in plain.taken),
    "step_rounds_away": lambda plain: all(
        taken.moved[n] == 0 and taken.grads[n] is not None and taken.grads[n].any()
        for taken in plain.taken
        for n in _names(plain)
    ),
    "steps_skipped": lambda plain: len(plain.taken) < 0.9 * plain.passes,
    "thaw_jumped": _jumps,
    "two_groups": lambda plain: (
        len(_held(plain))
        < sum(len(group["params"]) for one in plain.optimizers for group in one.param_groups)
    ),
    "update_ratio_large": lambda plain: (
        any(np.median(shares) > 0.1 for shares in _shares(plain) if shares)
        and not _quarters(plain)[1] < 0.9 * _quarters(plain)[0]
    ),
    "update_ratio_small": lambda plain: any(0 < max(shares, default=0) < 1e-6 for shares in _shares(plain)),
}
"""Whether what a code says is so, by the code."""
