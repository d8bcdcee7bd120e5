"""The lines that build the optimizers and the schedulers of a run."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from optiscope.engine.advice.codegen.layout import block, bracketed, call, keywords, literal
from optiscope.engine.core.config import LRSchedulerConfig, OptimizerConfig, RunConfig
from optiscope.engine.core.expressions import python_source
from optiscope.engine.core.registry import Hyperparameter
from optiscope.engine.recipe.lr_schedulers import LR_SCHEDULERS
from optiscope.engine.recipe.optimizers import OPTIMIZERS, OptimizerInfo
from optiscope.engine.recipe.optimizers.places import GroupPlace
from optiscope.engine.recipe.parameters import layer_of, layers_of, resolve_names

Shapes = Mapping[str, Sequence[int]]


def optimizer_names(config: OptimizerConfig) -> list[str]:
    """What the optimizers of a script are called."""
    return ["optimizer"] if config.rest is None else ["optimizers[0]", "optimizers[1]"]


def optimizer_lines(config: OptimizerConfig, shapes: Shapes) -> list[str]:
    """``optimizer = …``, or ``optimizers = […]`` where a second one takes the rest."""
    if config.rest is None:
        info = OPTIMIZERS[config.name]
        made = f"optimizer = {_optimizer(config, shapes, everything(shapes))}"
        return [*_seeding(info, config), made, *(["optimizer.train()"] if info.trains else [])]
    matrices = {name: shape for name, shape in shapes.items() if len(shape) > 1}
    others = {name: shape for name, shape in shapes.items() if name not in matrices}
    both = [
        _optimizer(config, matrices, "[p for p in model.parameters() if p.ndim == 2]"),
        _optimizer(config.rest, others, "[p for p in model.parameters() if p.ndim != 2]"),
    ]
    return [f"optimizers = [\n{block(f'{made},' for made in both)}\n]"]


def lr_scheduler_lines(config: RunConfig) -> list[str]:
    """``scheduler = …``, a list of them for several optimizers, or nothing."""
    scheduler = config.lr_scheduler
    if scheduler is None:
        return []
    if config.optimizer.rest is None:
        name = "schedulers" if LR_SCHEDULERS[scheduler.name].hands_over else "scheduler"
        return [f"{name} = {_lr_scheduler(scheduler, 'optimizer')}"]
    both = [_lr_scheduler(scheduler, f"optimizers[{i}]") for i in range(2)]
    return [f"schedulers = [\n{block(f'{made},' for made in both)}\n]"]


def everything(shapes: Shapes) -> str:
    """All parameters, as an argument: a network is called model, the point of a test function xy."""
    return "[xy]" if "xy" in shapes else "model.parameters()"


def by_layer(shapes: Shapes) -> dict[str, list[str]]:
    """The names of the parameters of each layer."""
    return {layer: [name for name in shapes if layer_of(name) == layer] for layer in layers_of(shapes)}


def _seeding(info: OptimizerInfo, config: OptimizerConfig) -> Iterator[str]:
    """Where the numbers begin that an optimizer draws."""
    seed = config.hyperparameters.get("seed", 0)
    if info.setup:
        yield info.setup
    if "torch" in info.draws:
        yield f"torch.manual_seed({seed})"
    if "numpy" in info.draws:
        yield f"numpy.random.seed({seed})"


def _optimizer(config: OptimizerConfig, shapes: Shapes, params: str) -> str:
    info = OPTIMIZERS[config.name]
    if config.param_groups is not None:
        groups = [
            _group(
                resolve_names(group.params, shapes, ""),
                shapes,
                _typed(info.hyperparameters, group.hyperparameters),
                info,
            )
            for group in config.param_groups
            if not group.from_step
        ]
        params = bracketed("[", groups, "]")
    elif info.marks:
        params = bracketed("[", [_marked([f'"params": {params}'], info)], "]")
    given = _typed(info.hyperparameters, config.hyperparameters)
    function = f"{info.source}.{info.cls.__name__}"
    if info.made_of != "params":
        return _around(function, params, info, given)
    unusual = _unusual(info.hyperparameters, given)
    if info.draws:
        unusual.pop("seed", None)
    return call(function, [params, *keywords(unusual)])


def _around(function: str, params: str, info: OptimizerInfo, given: Mapping[str, Any]) -> str:
    """The call of a class that is made of another optimizer, or of its class."""
    values = {h.name: given.get(h.name, h.default) for h in info.hyperparameters}
    base, lr = f"torch.optim.{values['base_optimizer']}", f"lr={literal(values['lr'])}"
    apart = {"base_optimizer", "lr", "seed"}
    own = keywords({k: v for k, v in _unusual(info.hyperparameters, given).items() if k not in apart})
    if info.made_of == "optimizer":
        return call(function, [call(base, [params, lr]), *own])
    model = "model" if params == "model.parameters()" else f"nn.ParameterList({params})"
    return call(function, [*([model] if info.made_of == "model" else ()), params, base, *own, lr])


def _marked(entries: Sequence[str], info: OptimizerInfo) -> str:
    marks = [f'"{info.marks}": True'] if info.marks else []
    return bracketed("{", [*entries, *marks], "}")


def group_lines(config: OptimizerConfig, shapes: Shapes, place: GroupPlace) -> str:
    """A group that is added later, as ``add_param_group`` takes it."""
    own = config if place.optimizer == 0 or config.rest is None else config.rest
    group = place.config
    assert group is not None  # noqa: S101 - only what stands in a list has a step
    names = resolve_names(group.params, _of(config, shapes, place.optimizer), "")
    info = OPTIMIZERS[own.name]
    return _group(names, shapes, _typed(info.hyperparameters, group.hyperparameters), info)


def _of(config: OptimizerConfig, shapes: Shapes, optimizer: int) -> Shapes:
    """The parameters of an optimizer: where another one takes the rest, the first has the matrices."""
    if config.rest is None:
        return shapes
    return {name: shape for name, shape in shapes.items() if (len(shape) > 1) == (optimizer == 0)}


def _group(names: Sequence[str], shapes: Shapes, own: Mapping[str, Any], info: OptimizerInfo) -> str:
    entries = [f'"params": {_params(names, shapes)}', *(f'"{k}": {literal(v)}' for k, v in own.items())]
    return _marked(entries, info)


def _params(names: Sequence[str], shapes: Shapes) -> str:
    """Parameters as an expression: a layer's together where all of them are meant."""
    if "xy" in shapes:
        return "[xy]"
    parts = []
    for layer, of_layer in by_layer(shapes).items():
        if len(of_layer) > 1 and set(of_layer) <= set(names):
            parts.append(f"*model.{layer}.parameters()")
        else:
            parts += [f"model.{name}" for name in of_layer if name in names]
    if len(parts) == 1 and parts[0].startswith("*"):
        return parts[0][1:]
    return bracketed("[", parts, "]")


def _lr_scheduler(config: LRSchedulerConfig, optimizer: str) -> str:
    info = LR_SCHEDULERS[config.name]
    function = f"{info.source}.{info.cls.__name__}"
    if info.parts:
        parts = bracketed("[", [_lr_scheduler(part, optimizer) for part in config.schedulers or ()], "]")
        if info.hands_over:
            return parts
        if info.milestones:
            marks = literal(list(config.milestones or ()))
            return call(function, [optimizer, f"schedulers={parts}", f"milestones={marks}"])
        return call(function, [parts, f"optimizer={optimizer}"])
    given = _unusual(info.hyperparameters, _typed(info.hyperparameters, config.hyperparameters))
    expressions = [h for h in info.hyperparameters if h.kind == "expression" and h.name in given]
    lambdas = [f"{h.name}={_lambda(given.pop(h.name), h.variable)}" for h in expressions]
    return call(function, [optimizer, *lambdas, *keywords(given)])


def _lambda(factors: str | list[str], variable: str) -> str:
    if isinstance(factors, str):
        return f"lambda {variable}: {python_source(factors)}"
    return bracketed("[", [_lambda(factor, variable) for factor in factors], "]")


def _typed(declared: Sequence[Hyperparameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """The given values as torch is given them, in the order of its signature."""
    return {h.name: h.as_torch(given[h.name]) for h in declared if h.name in given}


def _unusual(declared: Sequence[Hyperparameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """What is not torch's default."""
    defaults = {h.name: h.default for h in declared}
    return {name: value for name, value in given.items() if value != defaults[name]}
