"""Loops that are sound, and loops with one flaw, each with what is to be said of it."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.optim import SGD, Adam, AdamW
from torch.optim import lr_scheduler as schedules

from tests.watching.loop_lines import STEPS, Watched, case, data, net

LARGE = 100
sgd = lambda lr=0.1, **more: lambda params: SGD(params, lr=lr, **more)  # noqa: E731 - a table of loops
adam = lambda lr=0.01, **more: lambda params: Adam(params, lr=lr, **more)  # noqa: E731
adamw = lambda lr=0.01, **more: lambda params: AdamW(params, lr=lr, **more)  # noqa: E731


def closure(t):
    """LBFGS evaluates several times a step."""
    model, (x, y) = net(), data()
    optimizer = torch.optim.LBFGS(model.parameters(), lr=0.5, max_iter=4, line_search_fn="strong_wolfe")
    t.watch(model, optimizer)

    def evaluate():
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        loss.backward()
        return loss

    for _ in range(12):
        loss = evaluate()
        t.step(optimizer, evaluate)
        t.loss(loss.detach())


def two(t, *, idle=False):
    """Two networks that train in turns, each by an optimizer of its own."""
    model, (x, y) = nn.ModuleDict({"left": net(), "right": net(4)}), data()
    left, right = Adam(model["left"].parameters(), lr=0.01), SGD(model["right"].parameters(), lr=0.1)
    t.watch(model, [left, right])
    for _ in range(STEPS):
        left.zero_grad()
        right.zero_grad()
        loss = (model["left"](x) + model["right"](x) - y).square().mean()
        t.backward(loss)
        if not idle:
            t.step(right) if isinstance(t, Watched) else right.step()
        t.step(left)
        t.loss(loss.detach())


def seldom(t, each=1, **how):
    """Two networks in a row: the optimizer of the second steps behind the first, and not in every step."""
    model, (x, y) = nn.ModuleDict({"left": net(), "right": net(4)}), data()
    left, right = Adam(model["left"].parameters(), lr=0.01), SGD(model["right"].parameters(), lr=0.1)
    t.watch(model, [left, right], params=[], every=1, **how)
    for step in range(STEPS):
        left.zero_grad()
        right.zero_grad()
        loss = (model["left"](x) + model["right"](x) - y).square().mean()
        t.backward(loss)
        t.step(left)
        if step % each == each - 1:
            t.step(right) if isinstance(t, Watched) else right.step()
        t.loss(loss.detach())


def averaged(t):
    """An average of the parameters beside them."""
    model, (x, y) = net(LARGE), data()
    optimizer = SGD(model.parameters(), lr=0.05)
    average = torch.optim.swa_utils.AveragedModel(model)
    t.watch(model, optimizer, every=1)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = (model(x) - y).square().mean()
        t.backward(loss)
        t.step(optimizer)
        average.update_parameters(model)
        copy.deepcopy(model)
        t.loss(loss.detach())


def scaled(t, infinite=0):
    """Mixed precision with a scaler, which skips some steps."""
    model, (x, y) = net(), data()
    optimizer = SGD(model.parameters(), lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=256.0)
    t.watch(model, optimizer, scaler=scaler)
    for step in range(STEPS):
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            loss = (model(x) - y).square().mean()
        scaler.scale(loss * (float("inf") if step < infinite else 1.0)).backward()
        scaler.unscale_(optimizer)
        found = sum(scaler._found_inf_per_device(optimizer).values())
        if not found:
            t.step(optimizer)
        scaler._per_optimizer_states[id(optimizer)]["stage"] = torch.amp.grad_scaler.OptState.STEPPED
        scaler.update()
        t.loss(loss.detach())


def embedded(t):
    """Gradients that are sparse."""
    torch.manual_seed(0)
    model = nn.Sequential(nn.EmbeddingBag(30, 4, sparse=True), nn.Linear(4, 1))
    optimizer = SGD(model.parameters(), lr=0.5)
    words = torch.randint(0, 30, (64, 3), generator=torch.Generator().manual_seed(0))
    t.watch(model, optimizer)
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = (model(words) - words.float().mean(1, keepdim=True) / 30).square().mean()
        t.backward(loss)
        t.step(optimizer)
        t.loss(loss.detach())


def frozen_between(first, last, *, stale=False):
    """Freezes the first layer for some steps."""

    def before(model, _optimizer, step):
        model[0].requires_grad_(not first <= step < last)
        if not stale and step == first:
            for p in model[0].parameters():
                p.grad = None

    return before


def still(width=8):
    """Nothing of it is trained."""
    return net(width).requires_grad_(False)


def thawed(model, _optimizer, _step):
    """Has all of a model trained."""
    model.requires_grad_(True)


def joined(model, optimizer, step):
    """Has the optimizer hold the last layer, too, after some steps."""
    if step == 10:
        optimizer.add_param_group({"params": model[-1].parameters()})


def of_decay(model):
    """Param groups as they should be: no decay on norms and biases."""
    named = dict(model.named_parameters())
    plain = [p for name, p in named.items() if p.ndim == 1]
    return [
        {"params": [p for p in named.values() if p.ndim > 1], "weight_decay": 0.1},
        {"params": plain, "weight_decay": 0.0},
    ]


def per(cls, **options):
    """A scheduler."""
    return lambda optimizer: cls(optimizer, **options)


def warm(optimizer):
    """A warm-up, then a cosine."""
    parts = [
        schedules.LinearLR(optimizer, 0.1, total_iters=10),
        schedules.CosineAnnealingLR(optimizer, STEPS - 10),
    ]
    return schedules.SequentialLR(optimizer, parts, [10])


by_layer = {"width": LARGE, "how": {"every": 1}}
sampled = {"width": LARGE, "steps": 200}

SOUND: dict[str, Callable[[Any], None]] = {
    "SGD": case(),
    "SGD, by layer": case(**by_layer, optimizer=sgd(0.03)),
    "SGD, every tenth": case(**sampled, optimizer=sgd(0.03)),
    "momentum": case(optimizer=sgd(0.05, momentum=0.9)),
    "fused": case(optimizer=sgd(0.05, momentum=0.9, fused=True)),
    "Adam": case(optimizer=adam()),
    "Adam, by layer": case(**by_layer, optimizer=adam(0.001)),
    "AdamW as it is": case(**by_layer, norm=True, optimizer=adamw(0.001)),
    "RMSprop": case(optimizer=lambda params: torch.optim.RMSprop(params, lr=0.005)),
    "Adagrad": case(optimizer=lambda params: torch.optim.Adagrad(params, lr=0.1)),
    "float64": case(model=lambda: net().double().float()),
    "until nothing is left to learn": case(steps=400, optimizer=sgd(0.3)),
    "StepLR by epoch": case(scheduler=per(schedules.StepLR, step_size=2, gamma=0.5), call="epoch"),
    "cosine by step": case(scheduler=per(schedules.CosineAnnealingLR, T_max=STEPS), call="step"),
    "cosine, every tenth": case(
        **sampled, optimizer=sgd(0.03), scheduler=per(schedules.CosineAnnealingLR, T_max=200), call="step"
    ),
    "one cycle": case(
        optimizer=adam(), scheduler=per(schedules.OneCycleLR, max_lr=0.05, total_steps=STEPS), call="step"
    ),
    "one cycle with momentum": case(
        optimizer=sgd(0.01, momentum=0.9),
        scheduler=per(schedules.OneCycleLR, max_lr=0.1, total_steps=STEPS),
        call="step",
    ),
    "warm restarts": case(scheduler=per(schedules.CosineAnnealingWarmRestarts, T_0=20), call="step"),
    "a warm-up, then a cosine": case(scheduler=warm, call="step"),
    "plateau": case(scheduler=per(schedules.ReduceLROnPlateau, patience=2), call="epoch", metric=True),
    "accumulated": case(accumulate=4),
    "accumulated, cleared behind the step": case(accumulate=4, zero="after"),
    "cleared to zeros": case(to_none=False),
    "cleared by .data": case(zero="data"),
    "clipped now and then": case(clip=0.5),
    "frozen on purpose": case(before=frozen_between(0, 10**9)),
    "all of it frozen, then trained": case(model=still, before=thawed),
    "all of it frozen, then trained, by layer": case(
        model=lambda: still(LARGE), optimizer=sgd(0.03), steps=100, before=thawed
    ),
    "frozen, then trained": case(optimizer=adam(), before=frozen_between(0, 30)),
    "a group that comes later": case(params=lambda m: m[0].parameters(), before=joined),
    "a group that comes later, by layer": case(
        **by_layer, optimizer=sgd(0.03), params=lambda m: m[0].parameters(), before=joined
    ),
    "no decay on norms and biases": case(norm=True, params=of_decay, optimizer=adamw(0.05)),
    "maximized": case(optimizer=sgd(0.1, maximize=True), loss=lambda loss, _: -loss, sign=-1),
    "LBFGS": closure,
    "two optimizers": two,
    "two optimizers, the second behind": seldom,
    "two optimizers, the second seldom": lambda t: seldom(t, 5),
    "two optimizers, the second seldom, norms alone": lambda t: seldom(t, 5, quantities="norms"),
    "an average": averaged,
    "scaled": scaled,
    "sparse": embedded,
}
"""Loops of which nothing is to be said."""


class LowState(SGD):
    """Keeps its momentum in bfloat16, though the weights are float32."""

    def step(self):
        """One step."""
        for group in self.param_groups:
            for p in group["params"]:
                if p.grad is not None:
                    buffer = self.state[p].setdefault(
                        "momentum_buffer", torch.zeros_like(p, dtype=torch.bfloat16)
                    )
                    buffer.mul_(0.9).add_(p.grad)
                    p.data.add_(buffer.float(), alpha=-group["lr"])


def dead():
    """A network whose hidden units are all off."""
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
    model[0].bias.data.fill_(-100.0)
    return model


def once(step, change):
    """What is done to the loss of one step."""
    return lambda loss, now: change(loss) if now == step else loss


def to_nan(loss):
    """A loss that is no number, and nor are its gradients."""
    return loss * float("nan")


def foreign(t, width=8):
    """An optimizer that was made of another model."""
    case(width=width, params=lambda _model: net(width).parameters(), steps=30)(t)


def of_another(t):
    """A scheduler that was made of another optimizer."""
    other = SGD([nn.Parameter(torch.ones(1))], lr=1.0)
    case(scheduler=lambda _: schedules.StepLR(other, 2), call="step")(t)


def swapped(first, last, kept=2.0):
    """Weight and bias of the first layer frozen, with a large momentum kept."""
    inner = frozen_between(first, last)

    def before(model, optimizer, step):
        inner(model, optimizer, step)
        if step == first - 1:
            for p in model[0].parameters():
                optimizer.state[p]["momentum_buffer"] = torch.full_like(p, kept)

    return before


class Doubled(SGD):
    """Holds everything in two groups, past what torch would refuse."""

    def __init__(self, groups):
        params = list(groups[0]["params"])
        super().__init__(params, lr=0.02)
        self.param_groups.append({**self.param_groups[0]})


def stale(model, _optimizer, step):
    """Clears by hand, and freezes a layer whose gradient stays."""
    if step != 20:
        for p in model.parameters():
            if p.requires_grad:
                p.grad = None
    if step == 20:
        model[2].zero_grad()
        model[0].requires_grad_(False)


def rectified(width=8):
    """Units that can die."""
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, width), nn.ReLU(), nn.Linear(width, 1))


def hardly():
    """Weights of which no small step changes the first, and hardly the others."""
    model = ones()
    for p in model[2].parameters():
        p.data.fill_(0.001)
    return model


def dies_at(last):
    """Has the units of the first layer off from a step on, as one that is far too long does."""

    def before(model, _optimizer, step):
        if step == last:
            model[0].bias.data.fill_(-100.0)

    return before


def ones():
    """Weights that no small step changes."""
    model = net()
    for p in model.parameters():
        p.data.fill_(1.0)
    return model


ONE_CYCLE = per(schedules.OneCycleLR, max_lr=0.1, total_steps=600, cycle_momentum=False)

FLAWED: dict[str, tuple[Callable[[Any], None], dict[str, int | None]]] = {
    "no backward": (case(backward=False), {"no_backward": None}),
    "no backward, by layer": (case(**by_layer, backward=False), {"no_backward": None}),
    "no backward, every tenth": (case(**sampled, backward=False), {"no_backward": None}),
    "cleared between": (case(zero="between"), {"no_backward": None}),
    "cleared between, by layer": (case(**by_layer, zero="between"), {"no_backward": None}),
    "cleared to zeros between": (case(zero="between", to_none=False), {"gradients_all_zero": None}),
    "cut off": (case(cut=True), {"layer_without_gradient": None}),
    "cut off, by layer": (case(**by_layer, cut=True), {"layer_without_gradient": None}),
    "cut off, every tenth": (
        case(**sampled, optimizer=sgd(0.03), cut=True),
        {"layer_without_gradient": None},
    ),
    "dead units": (case(model=dead), {"layer_gradient_zero": None}),
    "units that die": (case(model=rectified, before=dies_at(20)), {"layer_died": 21}),
    "units that die before they are looked at": (
        case(model=lambda: rectified(LARGE), optimizer=sgd(0.03), steps=200, before=dies_at(3)),
        {"layer_died": 10},
    ),
    "a group forgotten": (case(params=lambda m: m[0].parameters()), {"no_group": None}),
    "in two groups": (
        case(
            params=lambda m: [{"params": m.parameters()}],
            optimizer=Doubled,
        ),
        {"two_groups": None},
    ),
    "of another model": (foreign, {"foreign_parameters": None}),
    "of another model, by layer": (lambda t: foreign(t, LARGE), {"foreign_parameters": None}),
    "nothing to train": (
        case(model=still, backward=False),
        {"all_frozen": None},
    ),
    "an optimizer that is forgotten": (lambda t: two(t, idle=True), {"optimizer_never_steps": None}),
    "step() twice": (case(times=2), {"gradients_used_twice": 2}),
    "step() twice, by layer": (
        case(**by_layer, optimizer=sgd(0.03), times=2),
        {"gradients_used_twice": 2},
    ),
    "never cleared": (case(zero="never", optimizer=sgd(0.001)), {"gradients_not_cleared": 3}),
    "never cleared, by layer": (
        case(**by_layer, zero="never", optimizer=sgd(0.001)),
        {"gradients_not_cleared": 3},
    ),
    "never cleared, every tenth": (
        case(**sampled, zero="never", optimizer=sgd(0.0001)),
        {"gradients_not_cleared": 20},
    ),
    "never cleared, Adam": (case(zero="never", optimizer=adam(0.003)), {"gradients_not_cleared": 3}),
    "scheduler first": (
        case(scheduler=per(schedules.StepLR, step_size=30), call="first"),
        {"scheduler_first": 1},
    ),
    "scheduler first, every tenth": (
        case(**sampled, optimizer=sgd(0.03), scheduler=per(schedules.StepLR, step_size=100), call="first"),
        {"scheduler_first": 10},
    ),
    "an epoch's schedule in every step": (
        case(scheduler=per(schedules.StepLR, step_size=5), call="step"),
        {"schedule_ran_out": 26},
    ),
    "the same, every tenth": (
        case(**sampled, optimizer=sgd(0.03), scheduler=per(schedules.StepLR, step_size=5), call="step"),
        {"schedule_ran_out": 30},
    ),
    "halved in every step": (
        case(scheduler=per(schedules.ExponentialLR, gamma=0.5), call="step"),
        {"schedule_ran_out": 15},
    ),
    "a thousandth in every epoch": (
        case(scheduler=per(schedules.ExponentialLR, gamma=1e-3), call="epoch"),
        {"rate_vanishes": 21},
    ),
    "a cosine that rises again": (
        case(scheduler=per(schedules.CosineAnnealingLR, T_max=30), call="step"),
        {"cosine_rises_again": 32},
    ),
    "one cycle ten times too long": (case(scheduler=ONE_CYCLE, call="step"), {"schedule_unfinished": None}),
    "one cycle by epoch": (case(scheduler=ONE_CYCLE, call="epoch"), {"schedule_unfinished": None}),
    "a cosine three times too long": (
        case(
            **by_layer,
            optimizer=sgd(0.03),
            scheduler=per(schedules.CosineAnnealingLR, T_max=180),
            call="step",
        ),
        {"schedule_unfinished": None},
    ),
    "one cycle too long, every tenth": (
        case(**by_layer | {"how": {}}, steps=120, optimizer=sgd(0.03), scheduler=ONE_CYCLE, call="step"),
        {"schedule_unfinished": None},
    ),
    "never scheduled": (case(scheduler=per(schedules.StepLR, step_size=5)), {"scheduler_silent": None}),
    "scheduled in every pass": (
        case(accumulate=4, scheduler=per(schedules.StepLR, step_size=200), call="pass"),
        {"scheduler_called_often": None},
    ),
    "another's scheduler": (of_another, {"scheduler_of_another": None}),
    "momentum by one cycle": (
        case(scheduler=per(schedules.OneCycleLR, max_lr=0.05, total_steps=STEPS), call="step"),
        {"momentum_switched_on": 1},
    ),
    "momentum by cycles": (
        case(
            scheduler=per(schedules.CyclicLR, base_lr=0.01, max_lr=0.05, step_size_up=10),
            call="step",
        ),
        {"momentum_switched_on": 1},
    ),
    "decay on norms": (case(norm=True, optimizer=adamw(0.01, weight_decay=0.5)), {"decay_on_norms": None}),
    "decay on biases": (case(optimizer=sgd(0.1, weight_decay=0.05)), {"decay_on_norms": None}),
    "decay in Adam's gradient": (
        case(optimizer=adam(weight_decay=0.1)),
        {"decay_on_norms_in_gradient": None},
    ),
    "frozen with a gradient": (
        case(zero="never", before=stale),
        {"frozen_still_moves": 22},
    ),
    "frozen with zeros": (
        case(
            to_none=False,
            optimizer=sgd(0.05, momentum=0.9),
            before=frozen_between(20, 10**9, stale=True),
        ),
        {"frozen_still_moves": 22},
    ),
    "frozen with zeros, by layer": (
        case(
            **by_layer,
            to_none=False,
            optimizer=sgd(0.01, momentum=0.9),
            before=frozen_between(20, 10**9, stale=True),
        ),
        {"frozen_still_moves": 22},
    ),
    "a thaw that jumps": (
        case(optimizer=sgd(0.01, momentum=0.5), before=swapped(20, 30)),
        {"thaw_jumped": 31},
    ),
    "a thaw that jumps along a momentum": (
        case(optimizer=sgd(0.001, momentum=0.9), before=swapped(20, 30, kept=20.0)),
        {"thaw_jumped": 31},
    ),
    "clipped always": (case(clip=0.01), {"clip_always": 1}),
    "clipped always, by layer": (case(**by_layer, optimizer=sgd(0.03), clip=0.01), {"clip_always": 1}),
    "clipped never": (case(clip=1e6), {"clip_never": None}),
    "clipped never, every tenth": (
        case(**sampled, optimizer=sgd(0.03), clip=1e6),
        {"clip_never": None},
    ),
    "diverged before it was looked at": (
        case(**sampled, optimizer=sgd(300.0, momentum=0.9)),
        {"gradient_not_finite": None},
    ),
    "far too small a rate": (case(optimizer=sgd(1e-8)), {"update_ratio_small": None}),
    "far too small, Adam, by layer": (case(**by_layer, optimizer=adam(1e-9)), {"update_ratio_small": None}),
    "steps as long as the weights": (
        case(optimizer=adam(1.0, betas=(0.0, 0.0))),
        {"update_ratio_large": None},
    ),
    "the wrong sign": (
        case(model=lambda: nn.Linear(4, 1), optimizer=sgd(0.05), loss=lambda loss, _: -loss, sign=-1),
        {"loss_grows": None},
    ),
    "far too large": (case(optimizer=sgd(1e3)), {"gradient_not_finite": None}),
    "far too large, by layer": (case(**by_layer, optimizer=sgd(1e3)), {"gradient_not_finite": None}),
    "one bad batch": (case(loss=once(20, to_nan)), {"gradient_not_finite": 21}),
    "one bad batch, Adam, by layer": (
        case(**by_layer, optimizer=adam(0.001), loss=once(20, to_nan)),
        {"gradient_not_finite": 21},
    ),
    "one bad batch, every tenth": (
        case(**sampled, optimizer=sgd(0.03), loss=once(20, to_nan)),
        {"gradient_not_finite": 30},
    ),
    "no rate": (case(optimizer=sgd(0.0)), {"learning_rate_zero": None}),
    "rounded away": (
        case(model=ones, optimizer=sgd(1e-9)),
        {"step_rounds_away": None},
    ),
    "nothing said": (case(say=False), {"loss_unsaid": None}),
    "maximized, a loss": (case(optimizer=sgd(0.01, maximize=True)), {"loss_maximized": None}),
    "maximized, a loss, until it is not finite": (
        case(optimizer=sgd(0.3, momentum=0.9, maximize=True), steps=90, norm=False),
        {"loss_maximized": None},
    ),
    "a state of fewer bits": (
        case(optimizer=lambda params: LowState(params, lr=0.01)),
        {"state_has_fewer_bits": 1},
    ),
    "one autocast around all": (
        case(around=lambda: torch.autocast("cpu", torch.bfloat16)),
        {"step_in_autocast": 1},
    ),
    "skipped by the scaler": (lambda t: scaled(t, infinite=20), {"steps_skipped": None}),
}
"""Loops with one flaw: the codes of what is said, and the first step where it was seen."""
