"""A recipe trained by a loop as people write it, which knows nothing of the linter."""

import copy
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from json import dumps, loads

import numpy as np
import torch
from torch.optim import lr_scheduler as torch_schedulers
from torch.optim.swa_utils import SWALR

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.expressions import epoch_function
from optiscope.engine.recipe.models import build_model
from optiscope.engine.recipe.optimizers import OPTIMIZERS
from optiscope.engine.recipe.order import order_of
from optiscope.engine.recipe.problems import build_problem


@dataclass
class Plain:
    """What a plain loop saw; row 0 of positions and losses is the start."""

    config: RunConfig
    names: list
    loss: list = field(default_factory=list)
    lr: list = field(default_factory=list)
    momentum: list = field(default_factory=list)
    norm: list = field(default_factory=list)
    clipped: list = field(default_factory=list)
    places: list = field(default_factory=list)
    grads: list = field(default_factory=list)
    state: list = field(default_factory=list)
    frozen: list = field(default_factory=list)
    error: Exception | None = None

    def __post_init__(self):
        self.steps = self.config.steps

    @property
    def done(self):
        """How many steps it took before an error or a number that is none."""
        return len(self.places) - 1

    def of(self, name):
        """[steps + 1, numel] a parameter."""
        return np.array([place[name] for place in self.places])

    @property
    def flat(self):
        """[steps + 1, all] every parameter."""
        return np.concatenate([self.of(name) for name in self.names], axis=1)

    def lengths(self):
        """[steps] how far each step moved."""
        return np.linalg.norm(np.diff(self.flat, axis=0), axis=1)

    @property
    def rates(self):
        """[groups, steps] what each step used."""
        return np.array(self.lr, dtype=float).T


def plain(recipe):
    """Train a recipe, or remember that it was."""
    return _plain(dumps(recipe))


@lru_cache(maxsize=512)
def _plain(recipe):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torch blames the user for what its composite schedulers do
        return _trained(recipe)


def _trained(recipe):
    config = RunConfig.model_validate(loads(recipe))
    torch.manual_seed(0)
    dtype = getattr(torch, config.dtype)
    problem = build_problem(config.problem, dtype)
    model = build_model(problem, config.model, dtype)
    named = dict(model.named_parameters())
    run = Plain(config, list(named))
    optimizers = [_optimizer(config.optimizer, named)]
    if config.optimizer.rest:
        taken = {id(p) for group in optimizers[0].param_groups for p in group["params"]}
        rest = {name: p for name, p in named.items() if id(p) not in taken}
        optimizers.append(_optimizer(config.optimizer.rest, rest))
    schedulers = [_scheduler(o, config.lr_scheduler) for o in optimizers] if config.lr_scheduler else []
    generator = torch.Generator().manual_seed(config.problem.seed or 0)
    order, whole = [], config.batch_size is None or config.batch_size >= problem.samples
    note_place(run, named, problem.loss(model, None).item())
    for step in range(config.steps):
        passes = []
        for _ in range(config.loop.accumulate):
            if not whole and not order:
                order = list(torch.randperm(problem.samples, generator=generator).split(config.batch_size))
            passes.append(None if whole else order.pop(0))
        freeze(run, named, step)
        if config.loop.restart is not None and config.loop.restart.step == step:
            begin_again(config, named, optimizers, schedulers)
        move(config, optimizers, step)
        run.lr.append([group["lr"] for o in optimizers for group in o.param_groups])
        run.momentum.append(
            [g.get("momentum", g.get("betas", [np.nan])[0]) for o in optimizers for g in o.param_groups]
        )
        try:
            with taken_for_freezing(config, model, step):
                loss = one_step(run, problem, model, named, optimizers, passes)
            due = schedulers and (step + 1) % config.lr_scheduler.interval == 0
            for scheduler in schedulers if due else ():
                if isinstance(scheduler, list):
                    marks = enumerate(config.lr_scheduler.milestones)
                    scheduler = scheduler[next((i for i, mark in marks if step < mark), -1)]  # noqa: PLW2901
                waits = isinstance(scheduler, torch_schedulers.ReduceLROnPlateau)
                scheduler.step(loss) if waits else scheduler.step()
        except Exception as error:  # noqa: BLE001 - whatever ends a run is what is looked at
            run.error = error
            break
        note_place(run, named, loss)
        run.state.append(copy.deepcopy([list(o.state.values()) for o in optimizers]))
        if not np.isfinite(run.flat[-1]).all() or np.isnan(loss):
            break
    return run


def begin_again(config, named, optimizers, schedulers):
    """Go on with other optimizers and schedulers, of which some are given the state of the old ones."""
    old = [[one.state_dict() for one in these] for these in (optimizers, schedulers)]
    optimizers[:] = [_optimizer(config.optimizer, named)]
    schedulers[:] = [_scheduler(o, config.lr_scheduler) for o in optimizers] if config.lr_scheduler else []
    kept = (config.loop.restart.optimizer, config.loop.restart.lr_scheduler)
    for these, states, is_kept in zip((optimizers, schedulers), old, kept, strict=True):
        for one, state in zip(these, states, strict=True):
            one.load_state_dict(state) if is_kept else None


def move(config, optimizers, step):
    """Set by hand what follows a factor."""
    for schedule in config.hyperparameter_schedules:
        name, _, index = schedule.hyperparameter.partition("/")
        for group in (group for optimizer in optimizers for group in optimizer.param_groups):
            initial = group.setdefault(f"first_{name}", group[name])
            factor = epoch_function(schedule.factor, "", variable="step")(step)
            moved = [v * factor if str(i) == index else v for i, v in enumerate(initial)] if index else None
            group[name] = tuple(moved) if moved else initial * factor


@contextmanager
def taken_for_freezing(config, model, step):
    """Do to layers what is no freezing, for one step."""
    held = [rule for rule in config.freeze if rule.by != "requires_grad" and rule.holds(step)]
    layers = [(getattr(model, name), rule.by) for rule in held for name in rule.params]
    hooks = [
        layer.register_forward_hook(lambda _layer, _given, out: out.detach())
        for layer, by in layers
        if by == "detach"
    ]
    for layer, by in layers:
        if by == "no_grad":
            layer.forward = torch.no_grad()(layer.forward)
        layer.train(by != "eval")
    yield
    for hook in hooks:
        hook.remove()
    for layer, by in layers:
        layer.train()
        if by == "no_grad":
            del layer.forward


def one_step(run, problem, model, named, optimizers, passes):
    config, seen = run.config, []
    order = order_of(config.loop)
    is_clipped = "clip" in order[: order.index("optimizer_step")]

    def closure():
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=config.loop.set_to_none) if config.loop.zero_grad else None
        losses = []
        for rows in passes:
            losses.append(problem.loss(model, rows))
            (losses[-1] / len(passes) if config.loop.scale_loss else losses[-1]).backward()
        loss = torch.stack(losses).mean()
        norm, clipped = clip(config.clip_grad if is_clipped else None, list(model.parameters()))
        if not seen:
            seen.append(loss.item())
            run.norm.append(norm)
            run.clipped.append(clipped)
            run.grads.append(
                {n: None if p.grad is None else p.grad.flatten().double().numpy() for n, p in named.items()}
            )
            run.grads[-1] = copy.deepcopy(run.grads[-1])
        return loss

    if OPTIMIZERS[config.optimizer.name].closure:
        optimizers[0].step(closure)
    else:
        closure()
        for optimizer in optimizers:
            optimizer.step()
        if "clip" in order and not is_clipped:
            clip(config.clip_grad, list(model.parameters()))
    return seen[0]


def norm_of(params):
    return float(torch.cat([p.grad.flatten().double() for p in params if p.grad is not None]).norm())


def clip(config, params):
    before = norm_of(params)
    match config and config.name:
        case "clip_grad_norm_":
            torch.nn.utils.clip_grad_norm_(params, config.max_norm, float(config.norm_type))
        case "clip_grad_value_":
            torch.nn.utils.clip_grad_value_(params, config.clip_value)
    return before, norm_of(params)


def freeze(run, named, step):
    """Freeze and thaw as the rules say; note what is frozen."""
    held = {}
    for rule in run.config.freeze:
        if rule.by == "requires_grad" and rule.holds(step):
            for name in named:
                if name in rule.params or name.partition(".")[0] in rule.params:
                    held[name] = held.get(name, False) or rule.clear_grad
    before = run.frozen[-1] if run.frozen else set()
    for name, param in named.items():
        param.requires_grad_(name not in held)
        if held.get(name) and name not in before:
            param.grad = None
    run.frozen.append(set(held))


def note_place(run, named, loss):
    run.loss.append(loss)
    run.places.append({n: p.detach().flatten().double().numpy().copy() for n, p in named.items()})


def _optimizer(config, named):
    info = OPTIMIZERS[config.name]
    params = [p for p in named.values() if p.ndim > 1 or not info.matrices_only]
    if config.param_groups:
        params = [
            {"params": [p for n, p in named.items() if n in g.params or n.partition(".")[0] in g.params]}
            | g.hyperparameters
            for g in config.param_groups
        ]
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in config.hyperparameters.items()}
    return info.cls(params, **given)


def _scheduler(optimizer, config):
    if config.name == "HandOver":
        return [_scheduler(optimizer, part) for part in config.schedulers]
    cls = getattr(torch_schedulers, config.name, SWALR)
    if config.milestones is not None:
        parts = [_scheduler(optimizer, part) for part in config.schedulers]
        return cls(optimizer, parts, milestones=list(config.milestones))
    if config.schedulers:
        return cls([_scheduler(optimizer, part) for part in config.schedulers], optimizer=optimizer)
    given = dict(config.hyperparameters)
    if "lr_lambda" in given:
        given["lr_lambda"] = epoch_function(given["lr_lambda"], "")
    return cls(optimizer, **given)
