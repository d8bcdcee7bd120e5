"""The example notebooks run from top to bottom; in the repository they have no outputs."""

import ast
import json
from pathlib import Path

import nbclient
import nbformat
import pytest
from jupyter_client.manager import start_new_kernel

NOTEBOOKS = sorted((Path(__file__).parents[1] / "examples" / "notebooks").glob("*.ipynb"))

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path):
    """The cells of code."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == "code"]


@each
def test_a_notebook_is_kept_without_outputs(path):
    """So that what changes in it is what somebody wrote."""
    assert [(cell["outputs"], cell["execution_count"]) for cell in cells(path)] == [([], None)] * len(
        cells(path)
    )


@pytest.fixture(scope="module")
def kernel():
    """One process for all of them, as starting one takes longer than most notebooks do."""
    manager, client = start_new_kernel(kernel_name="python3")
    client.stop_channels()
    yield manager
    manager.shutdown_kernel(now=True)


PAGE = {"text/html", "image/png", "text/plain"}
FIGURE = "application/vnd.plotly.v1+json"


def ends_with_a_value(cell):
    return isinstance(ast.parse("".join(cell["source"])).body[-1], ast.Expr)


@each
def test_a_notebook_runs(path, kernel):
    """As JupyterLab runs it: each cell that ends with a value shows it, one of them a figure or a page.

    A page has HTML, a picture and a text, so that a notebook that is not trusted shows something, too.
    """
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell("%reset -f"))
    client = nbclient.NotebookClient(notebook, timeout=300, km=kernel)
    client.execute()
    client.kc.stop_channels()
    shown = []
    for cell in notebook.cells[1:]:
        found = [set(output["data"]) for output in cell.get("outputs", []) if "data" in output]
        assert found or cell.cell_type != "code" or not ends_with_a_value(cell), cell.source
        shown += found
    assert any(kinds >= PAGE or FIGURE in kinds for kinds in shown)
    assert all(kinds >= PAGE for kinds in shown if "image/png" in kinds)
