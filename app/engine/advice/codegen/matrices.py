"""The part of a script that a problem of matrices is."""

from collections.abc import Iterator

from optiscope.engine.advice.codegen.layout import block, call, literal
from optiscope.engine.advice.codegen.recipe import Shapes
from optiscope.engine.advice.codegen.sources import with_helpers
from optiscope.engine.core.config import RunConfig
from optiscope.engine.recipe.problems.matrices import MatrixInfo


def matrices_lines(config: RunConfig, info: MatrixInfo, shapes: Shapes) -> Iterator[str]:
    """What is given, the matrices by their names, and the matrix that they make."""
    sampled = [] if info.sampled is None else [info.sampled]
    yield with_helpers(info.data, info.start, info.matrix, info.loss, *sampled)
    yield f"data = tuple(part.to(torch.{config.dtype}) for part in {info.data.__name__}())"
    given, passed = ", ".join(shapes), ", ".join(f"self.{name}" for name in shapes)
    held = [f"self.{name} = nn.Parameter({name})" for name in shapes]
    methods = [
        f"def __init__(self, {given}):",
        block(["super().__init__()", *held]),
        "",
        "def forward(self):",
        block([f"return {info.matrix.__name__}({passed}, data)"]),
    ]
    yield "\n".join(["class Matrices(nn.Module):", block(methods)])
    yield _model(config, info, shapes)


def _model(config: RunConfig, info: MatrixInfo, shapes: Shapes) -> str:
    """The model at the start."""
    values = config.model.state_dict
    if values is None:
        double = ".double()" if config.dtype == "float64" else ""
        generator = f"Generator().manual_seed({config.model.seed})"
        return f"model = Matrices(*{info.start.__name__}({generator})){double}"
    tensors = [f"torch.tensor({literal(values[name])}, dtype=torch.{config.dtype})" for name in shapes]
    return call("model = Matrices", tensors)
