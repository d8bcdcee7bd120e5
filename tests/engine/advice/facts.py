"""What is wrong with a recipe, measured on a run of a plain loop: a fact for each code of the linter."""

import math

import numpy as np
import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.judging import built
from tests.engine.advice.plain_loop import plain


def changed(recipe, path, value):
    """A recipe with one field changed."""
    copy = recipe = {**recipe}
    *parents, last = path
    for name in parents:
        copy[name] = list(copy[name]) if isinstance(copy[name], list) else {**copy[name]}
        copy = copy[name]
    copy[last] = value
    return recipe


def same_bits(recipe, other):
    """Whether two recipes take all parameters along the same path."""
    return np.array_equal(plain(recipe).flat, plain(other).flat)


def moved(run):
    return bool(run.lengths().any())


def base_rates(recipe):
    """The rate that each group has without a schedule."""
    return np.array(plain(changed(changed(recipe, ("lr_scheduler",), None), ("steps",), 1)).lr[0])


def tail(values, share=0.2):
    return values[int(len(values) * (1 - share)) :]


def rate_vanishes(recipe, run):
    """The last fifth of the steps goes less than a hundredth of a usual one."""
    lengths, rates = run.lengths(), run.rates.max(axis=0)
    late = tail(lengths)
    return (
        len(rates) == run.steps
        and (tail(rates) < 1e-4 * rates.max()).all()
        and late.max() < lengths.max() / 100
    )


def plateau_below_zero(recipe, run):
    """The loss goes below zero and then stays for longer than the patience, and no rate is ever lowered."""
    lengths, patience = np.array(run.loss[1:]), recipe["lr_scheduler"]["hyperparameters"].get("patience", 10)
    best, waited, longest = math.inf, 0, 0
    for loss in lengths:
        waited = 0 if loss < best else waited + 1
        best, longest = min(best, loss), max(longest, waited)
    return lengths.min() < 0 and longest > patience and run.rates.min() == run.rates.max()


def plateau_never_improves(recipe, run):
    """The rate is lowered just after the lowest loss so far, which is below the first by over a hundredth."""
    losses, lowered = np.array(run.loss[1:]), np.flatnonzero(np.diff(run.rates[0]) < 0)
    return any(losses[at] == losses[: at + 1].min() < 0.99 * losses[0] for at in lowered)


def value_lost(recipe, run):
    """The first part has other rates by itself."""
    first = recipe["lr_scheduler"]["schedulers"][0]
    alone = plain(changed(recipe, ("lr_scheduler",), first)).rates
    until = recipe["lr_scheduler"]["milestones"][0]
    return not np.allclose(alone[:, :until], run.rates[:, :until], rtol=1e-9)


def chain_resets(recipe, run):
    """The rates are not the product of those of the parts."""
    base = base_rates(recipe)[:, None]
    parts = [
        plain(changed(recipe, ("lr_scheduler",), part)).rates / base
        for part in recipe["lr_scheduler"]["schedulers"]
    ]
    return not np.allclose(base * np.prod(parts, axis=0), run.rates, rtol=1e-6)


def decay_turns(recipe, run):
    """With zero gradients a step at the highest rate turns a weight and makes it larger."""
    training = built(RunConfig.model_validate(recipe))
    highest = run.rates.max(axis=1)
    before = [p.detach().clone() for p in training.optimized]
    for p in training.optimized:
        p.grad = torch.zeros_like(p)
    groups = [group for o in training.optimizers for group in o.param_groups]
    for group, rate in zip(groups, highest, strict=True):
        group["lr"] = rate
    for optimizer in training.optimizers:
        optimizer.step()
    return any(
        bool((p.detach() * b < -(b**2)).any()) for p, b in zip(training.optimized, before, strict=True)
    )


def decay_dominates(recipe, run):
    """Without weight decay the first step is less than a third as long."""
    free = plain(changed(recipe, ("optimizer", "hyperparameters", "weight_decay"), 0.0))
    return free.lengths()[0] * 3 < np.linalg.norm(run.flat[1] - free.flat[1])


def frozen_moves(recipe, run):
    """A parameter moved in a step in which it was frozen."""
    return any(
        (run.of(name)[step + 1] != run.of(name)[step]).any()
        for step in range(run.done)
        for name in run.frozen[step]
    )


def layer_dies(recipe, run):
    """A hidden layer has gradients, and none in the last twenty steps, in which the output has some."""
    hidden = [name for name in run.names if name.endswith("weight")][:-1]
    for name in hidden:
        size = np.array([np.abs(grads[name]).max() for grads in run.grads])
        output = np.array([np.abs(grads[run.names[-1]]).max() for grads in run.grads])
        if size[0] > 0 and (size[-20:] == 0).all() and (output[-20:] > 0).all():
            return True
    return False


def units_identical(recipe, run):
    """All units of a layer stay the same."""
    for name in [name for name in run.names if name.endswith("bias")][:-1]:
        if run.of(name).shape[1] > 1 and np.ptp(run.of(name), axis=1).max() == 0:
            units = run.of(name).shape[1]
            weight = run.of(name.replace("bias", "weight")).reshape(run.done + 1, units, -1)
            return bool((weight == weight[:, :1]).all())
    return False


def updates_lost(recipe, run):
    """At least half of the elements that always have a gradient never change in 20 steps."""
    gradients = np.array([np.concatenate([g[n] for n in run.names]) for g in run.grads[:20]])
    there = (gradients != 0).all(axis=0)
    stuck = (run.flat[:21] == run.flat[0]).all(axis=0)
    return there.any() and stuck[there].mean() >= 0.5 and run.rates.min() > 0


def loss_range(run):
    losses = np.array(run.loss)
    return losses[0], losses.max(), losses[-1]


def loss_rises(recipe, run):
    """The loss rises tenfold."""
    first, most, _ = loss_range(run)
    return most >= first + 9 * abs(first)


def step_too_long(recipe, run):
    """The first step is ten times as long as the parameters."""
    return run.lengths()[0] > 10 * np.linalg.norm(run.flat[0])


def rate_ignored(recipe, run):
    """All steps after the first two are the same without the schedule."""
    other = plain(changed(recipe, ("lr_scheduler",), None))
    return run.rates.min() < run.rates.max() and np.array_equal(run.flat, other.flat)


def rate_capped(recipe, run):
    """In more than a tenth of the steps a fifth less of the rate makes the same run."""
    lr = recipe["optimizer"]["hyperparameters"]["lr"]
    other = plain(changed(recipe, ("optimizer", "hyperparameters", "lr"), 0.8 * lr))
    ratio = other.lengths() / run.lengths()
    return bool((ratio > 0.9).mean() > 0.1)


def eps_dominates(recipe, run):
    """Nine tenths of the elements of the first step move by less than a tenth of lr."""
    size = np.abs(run.flat[1] - run.flat[0])
    there = np.concatenate([np.abs(run.grads[0][n]) for n in run.names]) > 0
    return (size[there] < 0.1 * run.rates[0, 0]).mean() >= 0.9


def early_steps_large(recipe, run):
    """An early step is ten times lr, and later ones are not."""
    size = np.abs(np.diff(run.flat, axis=0)).max(axis=1) / run.rates[0]
    return size[:10].max() > 10 > size[10:].max()


def clip_stops(recipe, run):
    """The loss moves by less than a thousandth, and by more than that without clipping."""
    free = plain(changed(recipe, ("clip_grad",), None))
    first, _, last = loss_range(run)
    return abs(first - last) < 1e-3 * abs(first) < abs(first - free.loss[-1])


def clip_every_step(recipe, run):
    """Every step clips, mostly to less than half."""
    ratio = np.array(run.clipped) / np.array(run.norm)
    return ratio.max() < 1 - 1e-3 and np.median(ratio) < 0.5


def clip_signs(recipe, run):
    """Nearly all elements of every gradient have the same size."""
    bound = recipe["clip_grad"]["clip_value"]
    shares = []
    for grads in run.grads:
        size = np.abs(np.concatenate([grads[name] for name in run.names]))
        shares.append((size[size > 0] >= bound * (1 - 1e-6)).mean())
    return min(shares) >= 0.95


def hardly_moves(recipe, run):
    """The loss changes by less than two thousandths from first to last."""
    first, _, last = loss_range(run)
    return moved(run) and abs(first - last) < 2e-3 * abs(first)


def restart_unfinished(recipe, run):
    """The last rate is above half of the peak, and a little later it would have fallen on."""
    later = plain(changed(recipe, ("steps",), run.steps + 3)).rates[0]
    return run.rates[0, -1] > 0.5 * run.rates[0].max() and later[run.steps] < later[run.steps - 1]


def stepped_every_batch(recipe, run):
    """The rate is gone for the last fifth, and not if the scheduler is stepped every epoch."""
    epoch = -(-RunConfig.model_validate(recipe).problem.samples // recipe["batch_size"])
    slower = plain(changed(recipe, ("lr_scheduler", "interval"), epoch))
    return rate_vanishes(recipe, run) and tail(slower.rates[0]).min() > 1e-4 * slower.rates.max()


def constructor_moves_rate(recipe, run):
    """The first scheduler by itself begins at another rate."""
    alone = plain(changed(recipe, ("lr_scheduler",), recipe["lr_scheduler"]["schedulers"][0]))
    return alone.rates[0, 0] != run.rates[0, 0]


def hand_over_jumps(recipe, run):
    """No step changes the rate by more than half, but for that after the second scheduler's first call."""
    rates = run.rates[0]
    at = recipe["lr_scheduler"]["milestones"][0]
    ratios = np.maximum(rates[1:] / rates[:-1], rates[:-1] / rates[1:])
    return ratios[at] > 1.5 > np.delete(ratios, at).max()


def jumps(run):
    return np.diff(run.rates[0])


def warm_up_too_long(recipe, run):
    """The base rate is never reached, or only by a jump out of a rise."""
    rises = jumps(run)
    top = int(np.argmax(run.rates[0]))
    cut = top > 1 and rises[top - 2] > 0 and rises[top - 1] > 1.5 * rises[: top - 1].max()
    return run.rates[0].max() < base_rates(recipe)[0] * (1 - 1e-9) or cut


def own_rate_vanishes(recipe, run):
    """The last step is less than a hundredth of what it is without that decay, per gradient."""
    field = "lr_decay" if "lr_decay" in recipe["optimizer"]["hyperparameters"] else "lambd"
    gradient = np.array(run.norm)
    free = plain(changed(recipe, ("optimizer", "hyperparameters", field), 0.0))
    with_, without = run.lengths()[-1] / gradient[-1], free.lengths()[0] / free.norm[0]
    return with_ < 0.02 * without


def loses_momentum(recipe, run):
    """A velocity at a constant gradient is still growing by more than a tenth in the last step."""
    momentum = float(np.nanmin(run.momentum))
    sums = [sum(momentum**k for k in range(n)) for n in (run.steps, 10**6 if momentum < 1 else run.steps)]
    return sums[0] < 0.5 * sums[1]


def without_effect(*path, value):
    """A fact: with that field changed, the run is the same, bit for bit."""
    return lambda recipe, _: same_bits(recipe, changed(recipe, path, value))


def milestones_repeated(recipe, run):
    """One step lowers the rate by the factor of a milestone more than once."""
    given = recipe["lr_scheduler"]["hyperparameters"]
    drops = run.rates[0, 1:] / run.rates[0, :-1]
    return bool((drops < given["gamma"] ** 1.5).any())


def second_beta_zero(recipe, run):
    """The squared average is the last squared gradient, and nothing else."""
    key = "square_avg" if "square_avg" in run.state[-1][0][0] else "exp_avg_sq"
    kept = np.concatenate([state[key].flatten().double().numpy() for state in run.state[-1][0]])
    last = np.concatenate([run.grads[-1][name] for name in run.names])
    return np.allclose(kept, last**2, rtol=1e-3)


def betas_swapped(recipe, run):
    """With a gradient of one that then stops, the first average outlives the root of the second."""
    beta1, beta2 = np.nanmax(run.momentum), recipe["optimizer"]["hyperparameters"]["betas"][1]
    t = np.arange(1, 200)
    return bool(np.all(np.diff(beta1**t / np.sqrt(beta2**t)) > 0))


def momentum_switched_on(recipe, run):
    """No momentum without the schedule, and some with it."""
    free = plain(changed(recipe, ("lr_scheduler",), None))
    return np.nanmax(free.momentum) == 0 < np.nanmax(run.momentum)


def plateau_cannot_reduce(recipe, run):
    """On a loss that never improves, the scheduler never lowers the rate."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=base_rates(recipe)[0])
    scheduler = ReduceLROnPlateau(optimizer, **recipe["lr_scheduler"]["hyperparameters"])
    for _ in range(500):
        scheduler.step(1.0)
    return optimizer.param_groups[0]["lr"] == base_rates(recipe)[0]


def accumulation_unscaled(recipe, run):
    """The first gradient is the mean of the passes times their number, and the step is longer."""
    mean = plain(changed(recipe, ("loop", "scale_loss"), value=True))
    times = [run.grads[0][name] / mean.grads[0][name] for name in run.names]
    return np.allclose(np.concatenate(times), recipe["loop"]["accumulate"]) and (
        run.lengths()[0] > 1.1 * mean.lengths()[0]
    )


def restart_without_optimizer(recipe, run):
    """With the state of the optimizer the step after the restart is another one, and none before it."""
    kept = plain(changed(recipe, ("loop", "restart", "optimizer"), value=True))
    at = recipe["loop"]["restart"]["step"]
    return (run.flat[: at + 1] == kept.flat[: at + 1]).all() and (run.flat[at + 1] != kept.flat[at + 1]).any()


def restart_without_scheduler(recipe, run):
    """With the state of the scheduler later rates are others."""
    kept = plain(changed(recipe, ("loop", "restart", "lr_scheduler"), value=True))
    return not np.array_equal(run.rates, kept.rates)


def taken_for_freezing(recipe, run):
    """The layer trains on, or a layer before it has no gradient."""
    rule = recipe["freeze"][0]
    if rule["by"] == "eval":
        return all((np.diff(run.of(f"{layer}.weight"), axis=0) != 0).any() for layer in rule["params"])
    held = run.grads[rule.get("from_step", 0)]
    return any(held[name] is None for name in run.names if name.partition(".")[0] not in rule["params"])


def scheduler_counts_epochs(recipe, run):
    """The schedule is at its end long before the run is; stepped every epoch it ends with the run."""
    epoch = -(-RunConfig.model_validate(recipe).problem.samples // recipe["batch_size"])
    slower = plain(changed(recipe, ("lr_scheduler", "interval"), epoch)).rates[0]
    return run.rates[0].argmin() < 0.9 * run.steps and slower.argmin() >= 0.9 * run.steps


def lr_of(recipe):
    return recipe["optimizer"]["hyperparameters"]["lr"]


FACTS = {
    "accumulation_unscaled": accumulation_unscaled,
    "betas_swapped": betas_swapped,
    "chain_resets": chain_resets,
    "clip_every_step": clip_every_step,
    "clip_infinite": lambda _, run: not np.isfinite(run.norm).all(),
    "clip_signs": clip_signs,
    "clip_stops": clip_stops,
    "clip_without_effect": without_effect("clip_grad", value=None),
    "clip_zeroes": lambda _, run: any(c == 0 < n for n, c in zip(run.norm, run.clipped, strict=True)),
    "climbs": lambda _, run: run.loss[-1] > run.loss[0],
    "constructor_moves_rate": constructor_moves_rate,
    "dampening_without_momentum": without_effect("optimizer", "hyperparameters", "dampening", value=0.0),
    "decay_dominates": decay_dominates,
    "decay_overshoots": decay_turns,
    "diverges": lambda _, run: not np.isfinite(run.flat[-1]).all() or np.isnan(run.loss[-1]),
    "early_steps_large": early_steps_large,
    "eps_dominates": eps_dominates,
    "eta_min_above": lambda recipe, run: run.rates.max() > lr_of(recipe),
    "bounds_reversed": lambda _, run: run.rates[0, 0] == run.rates[0].max() > run.rates[0, 1],
    "amsgrad_without_effect": without_effect("optimizer", "hyperparameters", "amsgrad", value=False),
    "factor_above_one": lambda _, run: np.nanmax(run.momentum) > 1,
    "first_rate_zero": lambda _, run: run.rates[:, 0].max() == 0 < run.rates.max(),
    "first_step_outside": lambda recipe, run: (
        not np.isclose(np.abs(run.flat[1] - run.flat[0]).max(), lr_of(recipe), rtol=0.01)
    ),
    "frozen_drift": frozen_moves,
    "frozen_moves": frozen_moves,
    "freeze_never": lambda _, run: not any(run.frozen),
    "gradient_zero": lambda _, run: not np.any(run.norm),
    "hand_over_jumps": hand_over_jumps,
    "hardly_moves": hardly_moves,
    "layer_dies": layer_dies,
    "learning_rate_unstable": lambda _, run: max(run.loss[1:6]) > run.loss[0],
    "learning_rate_zero": lambda _, run: (run.rates == 0).all(axis=1).any(),
    "loss_rises": loss_rises,
    "milestones_repeated": milestones_repeated,
    "momentum_outlasts_run": loses_momentum,
    "momentum_switched_on": momentum_switched_on,
    "nothing_moves": lambda _, run: not moved(run),
    "one_cycle_too_short": lambda _, run: run.error is not None,
    "own_rate_vanishes": own_rate_vanishes,
    "plateau_below_zero": plateau_below_zero,
    "plateau_cannot_reduce": plateau_cannot_reduce,
    "plateau_never_improves": plateau_never_improves,
    "rate_capped": rate_capped,
    "rate_grows": lambda recipe, run: run.rates.max() > base_rates(recipe).max(),
    "rate_ignored": rate_ignored,
    "rate_negative": lambda _, run: run.rates.min() < -1e-9 * run.rates.max(),
    "rate_replaced": lambda recipe, run: not run.rates.min() <= lr_of(recipe) <= run.rates.max(),
    "rate_vanishes": rate_vanishes,
    "restart_never": without_effect("loop", value={}),
    "restart_without_optimizer": restart_without_optimizer,
    "restart_without_scheduler": restart_without_scheduler,
    "restart_unfinished": restart_unfinished,
    "samples_never_seen": lambda _, run: run.steps * run.config.batch_size < run.config.problem.samples,
    "scheduler_counts_epochs": scheduler_counts_epochs,
    "schedule_fails": lambda _, run: run.error is not None,
    "schedule_over_average": lambda _, run: run.rates[0, -1] < run.rates[0].max(),
    "schedule_without_effect": without_effect("lr_scheduler", value=None),
    "second_beta_zero": second_beta_zero,
    "stepped_every_batch": stepped_every_batch,
    "step_too_long": step_too_long,
    "taken_for_freezing": taken_for_freezing,
    "units_identical": units_identical,
    "updates_lost": updates_lost,
    "value_lost": value_lost,
    "warm_up_too_long": warm_up_too_long,
}
