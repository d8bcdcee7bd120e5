"""The training loop of a script, line by line in the order of its config."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from optiscope.engine.advice.codegen.average import printing_lines, update_lines
from optiscope.engine.advice.codegen.groups import added_lines, adding_lines
from optiscope.engine.advice.codegen.lateness import delay_lines, drift_lines
from optiscope.engine.advice.codegen.layout import block, call, literal
from optiscope.engine.advice.codegen.recipe import Shapes, everything, lr_scheduler_lines, optimizer_lines
from optiscope.engine.advice.codegen.schedule import schedule_lines
from optiscope.engine.core.config import ClipNormConfig, RunConfig
from optiscope.engine.recipe.optimizers.info import Again
from optiscope.engine.recipe.order import is_one_with_its_loss, order_of, parts_of

_LOSS = re.compile(r"\bloss\.item\(\)")
"""How a line names the loss of a step."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the parts of a run are called in its script.

    Attributes:
        loss_of: The loss, as a function of a prediction and of targets.
        has_data: Whether there are inputs ``x`` and targets ``y``.
        loss: The loss of a pass without them, as an expression.
        drawn: What is drawn for a pass, such as ``rows``, and from what; None where nothing is.
        optimizers: The optimizers.
        closure: Whether the optimizer evaluates the loss itself.
        again: What a closure gives it once there are gradients, if it needs one.
        keeps_graph: Whether it differentiates the gradients once more.
        loss_of_average: The loss of all samples at the average, as an expression.
        moving: What sets hyperparameters by hand, right before each step.
    """

    loss_of: str
    has_data: bool
    loss: str
    drawn: tuple[str, str] | None
    optimizers: Sequence[str]
    closure: bool
    again: Again | None
    keeps_graph: bool
    loss_of_average: str
    moving: Sequence[str]


class LoopWriter:
    """Writes the loop of one run.

    Args:
        config: The run.
        shapes: Of its parameters.
        names: What its parts are called.
    """

    def __init__(self, config: RunConfig, shapes: Shapes, names: Names) -> None:
        self._config, self._shapes, self._names = config, shapes, names
        self._loop = config.loop
        self._order = order_of(config.loop)
        self._closes = len(self._order) - len(parts_of(self._order).schedule)
        searches = names.closure and "optimizer_step" in self._order
        self._search = self._order.index("optimizer_step") if searches else None
        self._holds_rows = searches or names.again == "gradients"
        self._value = self._value_of_step()

    def lines(self, first: Sequence[str]) -> str:
        """The whole loop.

        Args:
            first: What each step begins with.
        """
        steps = [*first, *self._restart(), *drift_lines(self._config)]
        steps += adding_lines(self._config, self._shapes, self._names.optimizers)
        if self._search is not None:
            steps += self._with_closure(self._search)
        else:
            steps += self._drawn()
            steps += self._through(range(self._closes))
        steps += update_lines(self._config.average)
        precision = f", {self._precision}" if self._loop.autocast else ""
        printing = printing_lines(self._config.average, self._names.loss_of_average, precision)
        steps += self._valued(printing, self._value)
        steps += self._written(range(self._closes, len(self._order)))
        return "\n".join([f"for step in range({self._config.steps}):", block(steps)])

    def _value_of_step(self) -> str:
        """The loss of a step, as an expression."""
        if self._search is not None:
            is_sum = self._loop.accumulate > 1 and not self._loop.scale_loss
            return f"(loss / {self._loop.accumulate}).item()" if is_sum else "loss.item()"
        if self._loop.accumulate > 1:
            return "torch.stack(losses).mean().item()"
        return "of_step" if self._is_overwritten() else "loss.item()"

    def _is_overwritten(self) -> bool:
        """Whether a further loss is computed once that of the step is known."""
        return "loss" in self._order[self._reads(range(self._closes)) : self._closes]

    def _reads(self, lines: Sequence[int]) -> int:
        """Behind how many of some lines the loss of the step is known."""
        phases = [self._order[i] for i in lines]
        parts = parts_of(phases)
        return max(len(parts.before) + len(parts.passed), phases.index("loss") + 1)

    def _with_closure(self, at: int) -> Iterator[str]:
        """The step of an optimizer that evaluates the loss itself."""
        yield from self._drawn()
        outside = [i for i in range(at) if self._order[i] == "scheduler_step"]
        yield from self._written(outside)
        yield from self._closure([i for i in range(at) if i not in outside])
        yield from self._names.moving
        yield f"loss = {self._names.optimizers[0]}.step(closure)"
        yield from self._written(range(at + 1, self._closes))

    def _drawn(self) -> Iterator[str]:
        """The rows of a step, but for those that each pass draws when it needs them."""
        several, drawn = self._loop.accumulate > 1, self._names.drawn
        if drawn is None:
            return
        if several and self._holds_rows:
            yield f"several = [next({drawn[1]}) for _ in range({self._loop.accumulate})]"
        elif not several:
            yield _drawing(drawn)

    def _closure(self, lines: Sequence[int]) -> Iterator[str]:
        """A function of some lines that gives the loss."""
        total = "mean" if self._loop.scale_loss else "sum"
        several = self._loop.accumulate > 1
        returned = f"return torch.stack(losses).{total}()" if several else "return loss"
        yield ""
        yield "def closure():"
        yield block([*self._through(lines), returned])
        yield ""

    def _step(self, i: int) -> Iterator[str]:
        """``optimizer.step()`` of each optimizer, or with what its closure is."""
        again, names = self._names.again, self._names
        if again == "gradients":
            given = {"optimizer_step", "scheduler_step"}
            yield from self._closure([j for j in range(i) if self._order[j] not in given])
        yield from names.moving
        argument = {"gradients": "closure", "loss": f"lambda: {self._value}", None: ""}[again]
        yield from (f"{optimizer}.step({argument})" for optimizer in names.optimizers)

    def _through(self, lines: Sequence[int]) -> Iterator[str]:
        """Some lines, with those that each pass repeats in a loop of their own."""
        parts = parts_of([self._order[i] for i in lines])
        begins, ends = len(parts.before), len(parts.before) + len(parts.passed)
        reads = self._reads(lines)
        yield from self._written(lines[:begins])
        if self._loop.accumulate > 1:
            yield from self._passes(list(self._written(lines[begins:ends])))
        else:
            yield from self._written(lines[begins:ends])
        yield from self._written(lines[ends:reads])
        yield from delay_lines(self._config, everything(self._shapes))
        if self._value == "of_step":
            yield "of_step = loss.item()"
        yield from self._written(lines[reads:])

    def _passes(self, lines: list[str]) -> Iterator[str]:
        yield "losses = []"
        drawn = self._names.drawn
        if drawn is not None and self._holds_rows:
            yield f"for {drawn[0]} in several:"
        else:
            yield f"for _ in range({self._loop.accumulate}):"
            lines = [_drawing(drawn), *lines] if drawn is not None else lines
        yield block([*lines, "losses.append(loss.detach())"])

    def _written(self, lines: Iterable[int]) -> Iterator[str]:
        for i in lines:
            yield from self._line(i)

    def _line(self, i: int) -> Iterator[str]:
        """One line of the loop; none of what the run has not, or what another line does, too."""
        names = self._names
        match self._order[i]:
            case "zero_grad":
                how = "" if self._loop.set_to_none else "set_to_none=False"
                yield from (f"{optimizer}.zero_grad({how})" for optimizer in names.optimizers)
            case "forward" if names.has_data and not is_one_with_its_loss(self._order, i):
                yield from self._in_precision(f"prediction = {self._prediction()}")
            case "loss":
                yield from self._in_precision(f"loss = {self._loss(i)}")
            case "backward":
                scaled = self._loop.accumulate > 1 and self._loop.scale_loss
                graph = "create_graph=True" if names.keeps_graph else ""
                loss = f"(loss / {self._loop.accumulate})" if scaled else "loss"
                yield f"{loss}.backward({graph})"
            case "clip":
                yield from self._clip()
            case "optimizer_step":
                yield from self._step(i)
            case "scheduler_step":
                yield from self._schedule(i)

    def _in_precision(self, line: str) -> Iterator[str]:
        if self._loop.autocast is None:
            yield line
        else:
            yield f"with {self._precision}:"
            yield block([line])

    @property
    def _precision(self) -> str:
        return f'torch.autocast("cpu", dtype=torch.{self._loop.autocast})'

    @property
    def _rows(self) -> str:
        return "" if self._names.drawn is None else f"[{self._names.drawn[0]}]"

    def _prediction(self) -> str:
        return f"model(x{self._rows})"

    def _loss(self, i: int) -> str:
        if not self._names.has_data:
            return self._names.loss
        is_one = self._order[i - 1] == "forward" and is_one_with_its_loss(self._order, i - 1)
        prediction = self._prediction() if is_one else "prediction"
        return f"{self._names.loss_of}({prediction}, y{self._rows})"

    def _clip(self) -> Iterator[str]:
        clip = self._config.clip_grad
        if clip is None:
            return
        params = everything(self._shapes)
        if isinstance(clip, ClipNormConfig):
            kind = f"norm_type={literal(float(clip.norm_type))}"
            arguments = [params, f"max_norm={literal(clip.max_norm)}", kind]
        else:
            arguments = [params, f"clip_value={literal(clip.clip_value)}"]
        yield call(f"torch.nn.utils.{clip.name}", arguments)

    def _schedule(self, i: int) -> Iterator[str]:
        if self._config.lr_scheduler is None:
            return
        lines = schedule_lines(self._config.lr_scheduler, len(self._names.optimizers))
        is_early = self._search is not None and i < self._search
        knows = "loss" in self._order[:i] and not is_early
        yield from self._valued(lines, self._value if knows else "")

    @staticmethod
    def _valued(lines: Iterable[str], value: str) -> Iterator[str]:
        """Lines that name the loss of the step by what it is."""
        return (_LOSS.sub(value, line) for line in lines)

    def _restart(self) -> Iterator[str]:
        """Begin again from the model, as a script does that is started from a checkpoint."""
        restart = self._loop.restart
        if restart is None or restart.step >= self._config.steps:
            return
        kept = list(self._kept("optimizer")) if restart.optimizer else []
        if restart.lr_scheduler and self._config.lr_scheduler is not None:
            kept += self._kept("scheduler")
        clears = "xy.grad = None" if "xy" in self._shapes else "model.zero_grad()"
        yield f"if step == {restart.step}:  # begun again from the model"
        yield block(
            [
                *(save for save, _ in kept),
                clears,
                *(["late.clear()"] if self._loop.gradient_delay else []),
                *optimizer_lines(self._config.optimizer, self._shapes),
                *lr_scheduler_lines(self._config),
                *added_lines(self._config, self._shapes, self._names.optimizers, restart.step),
                *(load for _, load in kept),
            ]
        )

    def _kept(self, what: str) -> Iterator[tuple[str, str]]:
        """How the state of one part, or of a list of them, is kept and loaded."""
        made = optimizer_lines(self._config.optimizer, self._shapes)
        if what == "scheduler":
            made = lr_scheduler_lines(self._config)
        name = made[0].partition(" = ")[0]
        if name == what:
            yield f"{what}_state = {what}.state_dict()", f"{what}.load_state_dict({what}_state)"
            return
        yield (
            f"{what}_states = [made.state_dict() for made in {name}]",
            "\n".join(
                [
                    f"for made, state in zip({name}, {what}_states):",
                    block(["made.load_state_dict(state)"]),
                ]
            ),
        )


def _drawing(drawn: tuple[str, str]) -> str:
    """The line that draws what a pass is given."""
    name, source = drawn
    return f"{name} = next({source})"
