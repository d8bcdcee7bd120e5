"""The example notebooks run from top to bottom; in the repository they have no outputs."""

import ast
import json
from pathlib import Path

import pytest
import torch
from plotly import graph_objects as go

from optiscope import Shown

NOTEBOOKS = sorted((Path(__file__).parents[1] / "examples" / "notebooks").glob("*.ipynb"))

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path):
    """The cells of code."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == "code"]


def values(path):
    """What each cell ends with, as a notebook would show it."""
    names = {"__name__": path.stem}
    for cell in cells(path):
        *statements, last = ast.parse("".join(cell["source"])).body
        exec(compile(ast.Module(statements, []), path.name, "exec"), names)  # noqa: S102 - our own
        if isinstance(last, ast.Expr):
            yield eval(compile(ast.Expression(last.value), path.name, "eval"), names)  # noqa: S307
        else:
            exec(compile(ast.Module([last], []), path.name, "exec"), names)  # noqa: S102


@each
def test_a_notebook_is_kept_without_outputs(path):
    """So that what changes in it is what somebody wrote."""
    assert [(cell["outputs"], cell["execution_count"]) for cell in cells(path)] == [([], None)] * len(
        cells(path)
    )


@each
def test_a_notebook_runs(path):
    """Each of its cells; what it shows has HTML, a picture and a text."""
    with torch.random.fork_rng():
        shown = list(values(path))
    pages = [value for value in shown if isinstance(value, Shown)]
    assert pages or any(isinstance(value, go.Figure) for value in shown)
    for page in pages:
        assert set(page._repr_mimebundle_()) == {"text/html", "image/png", "text/plain"}
    assert None not in shown


@each
def test_a_notebook_runs_in_a_kernel(path):
    """As JupyterLab runs it, with a page, a picture and a text where one is shown."""
    reason = "pip install nbclient ipykernel, which takes 106 MB"
    nbclient = pytest.importorskip("nbclient", reason=reason)
    pytest.importorskip("ipykernel", reason=reason)
    nbformat = pytest.importorskip("nbformat")
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    kinds = [set(output.get("data", {})) for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any({"text/html", "image/png", "text/plain"} <= kind for kind in kinds) or any(
        "application/vnd.plotly.v1+json" in kind for kind in kinds
    )
