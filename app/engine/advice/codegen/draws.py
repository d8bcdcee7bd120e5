"""What a script draws anew for every pass, such as noise, and the loss that it then has."""

from collections.abc import Iterator

from optiscope.engine.advice.codegen.layout import block
from optiscope.engine.advice.codegen.sources import with_helpers
from optiscope.engine.core.config import RunConfig
from optiscope.engine.recipe.problems import Problem
from optiscope.engine.recipe.problems.datasets import DatasetProblem
from optiscope.engine.recipe.problems.matrices import MatrixProblem


def drawn_of(problem: Problem) -> tuple[str, str] | None:
    """What a pass is given that has no samples to choose from, and what it is drawn from."""
    if problem.draw is None:
        return None
    return ("drawn" if isinstance(problem, MatrixProblem) else "noise"), "draws"


def draw_lines(config: RunConfig, problem: Problem) -> Iterator[str]:
    """Where that comes from, or nothing."""
    if isinstance(problem, DatasetProblem) or problem.info.draw is None:
        return
    made = f"{problem.info.draw.__name__}(generator)"
    if not isinstance(problem, MatrixProblem):
        options = problem.info.complete(config.problem)
        made = f"({float(options.noise or 0)} * {made}).to(torch.{config.dtype})"
    generator = f"generator = Generator().manual_seed({config.order_seed})"
    yield with_helpers(problem.info.draw)
    yield "\n".join(["def drawing():", block([generator, "while True:", block([f"yield {made}"])])])
    yield "draws = drawing()"


def loss_of_pass(config: RunConfig, problem: Problem, loss_of: str) -> str:
    """The loss of a pass without inputs and targets, as an expression.

    Args:
        config: The run.
        problem: What is minimised.
        loss_of: Its loss without what is drawn, as a script calls it.
    """
    if not isinstance(problem, MatrixProblem):
        point = "xy" if config.loop.drift is None else "xy - origin"
        return f"{loss_of}({point})" + ("" if problem.draw is None else " + (noise * xy).sum(-1)")
    if problem.info.sampled is None:
        return f"{loss_of}(model(), data)"
    return f"{problem.info.sampled.__name__}(model(), data, drawn)"
