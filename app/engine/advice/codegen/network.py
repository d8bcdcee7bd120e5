"""The network of a script: as the tutorial writes it, and with what its loop takes for freezing."""

from collections.abc import Iterator, Sequence

from optiscope.engine.advice.codegen.layout import block
from optiscope.engine.advice.codegen.recipe import Shapes
from optiscope.engine.core.config import FreezeConfig, RunConfig
from optiscope.engine.recipe.models import ACTIVATIONS
from optiscope.engine.recipe.parameters import layers_of, resolve_names


def network(config: RunConfig, shapes: Shapes) -> str:
    """The class of the model."""
    layers = {name.partition(".")[0]: shape for name, shape in shapes.items() if len(shape) > 1}
    made = [f"self.{layer} = nn.Linear({shape[1]}, {shape[0]})" for layer, shape in layers.items()]
    last = [*layers][-1]
    passed = [line for layer in layers for line in _passed(config, shapes, layer, is_last=layer == last)]
    return "\n".join(
        [
            "class TinyNet(nn.Module):",
            block(["def __init__(self):", block(["super().__init__()", *made])]),
            "",
            block(["def forward(self, x):", block(passed)]),
        ]
    )


def switched_lines(config: RunConfig, shapes: Shapes) -> tuple[list[str], list[str]]:
    """``model.fc2.eval()`` where that is taken for freezing: before the loop, and in each step."""
    before, within = list[str](), list[str]()
    for rule in config.freeze:
        if rule.by != "eval" or rule.from_step >= config.steps:
            continue
        for layer in _layers(rule, shapes):
            if rule.from_step == 0:
                before.append(f"model.{layer}.eval()")
            else:
                within += [f"if step == {rule.from_step}:", block([f"model.{layer}.eval()"])]
            if rule.to_step is not None and rule.to_step < config.steps:
                within += [f"if step == {rule.to_step}:", block([f"model.{layer}.train()"])]
    return before, within


def _passed(config: RunConfig, shapes: Shapes, layer: str, *, is_last: bool) -> Iterator[str]:
    """The lines of one layer in ``forward``."""
    activation = ACTIVATIONS[config.model.activation].torch_name
    called = f"self.{layer}(x)"
    if not is_last and activation != "identity":
        called = f"{activation}({called})"
    line = f"return {called}" if is_last else f"x = {called}"
    no_grad, detached = (_held(config, shapes, layer, by) for by in ("no_grad", "detach"))
    if no_grad is None and detached is None:
        yield line
        return
    if detached == "":
        line += ".detach()"
    elif detached is not None:
        line = f"x = {called}"
    if no_grad is None:
        yield line
    else:
        yield f"with torch.set_grad_enabled(not ({no_grad})):" if no_grad else "with torch.no_grad():"
        yield block([line])
    if detached:
        yield f"if {detached}:"
        yield block(["x = x.detach()"])
        if is_last:
            yield "return x"


def _held(config: RunConfig, shapes: Shapes, layer: str, by: str) -> str | None:
    """In which steps something is done to a layer: a condition, nothing in all of them, None in none."""
    rules = [rule for rule in config.freeze if rule.by == by and layer in _layers(rule, shapes)]
    rules = [rule for rule in rules if rule.from_step < config.steps]
    if any(rule.from_step == 0 and _goes_on(rule, config.steps) for rule in rules):
        return ""
    return " or ".join(_window(rule, config.steps) for rule in rules) or None


def _window(rule: FreezeConfig, steps: int) -> str:
    if _goes_on(rule, steps):
        return f"step >= {rule.from_step}"
    return f"{rule.from_step} <= step < {rule.to_step}" if rule.from_step else f"step < {rule.to_step}"


def _goes_on(rule: FreezeConfig, steps: int) -> bool:
    return rule.to_step is None or rule.to_step >= steps


def _layers(rule: FreezeConfig, shapes: Shapes) -> Sequence[str]:
    return layers_of(resolve_names(rule.params, shapes, ""))
