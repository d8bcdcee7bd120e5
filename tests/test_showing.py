"""Runs in a notebook: the page that plays them, their picture, their figures, their tables."""

import base64
import gzip
import html
import json
import re
import struct
import sys
from types import SimpleNamespace

import numpy as np
import pytest
import torch

import optiscope
from benchmarks.onefile import BUDGET_BYTES, RUNS
from optiscope.pictures import COLORS, HEIGHT, WIDTH, cells_png, curves_png
from optiscope.settings import asset_dir
from tests.typed_arrays import decoded

RUN = {"problem": {"name": "moons", "samples": 16}, "optimizer": {"name": "Adam"}, "steps": 5}


@pytest.fixture(scope="module")
def run():
    return optiscope.train(RUN)


@pytest.fixture(scope="module")
def shown(run):
    return optiscope.show([run, RUN | {"optimizer": {"name": "SGD"}}], address="?v=2&step=2")


def test_a_cell_shows_the_page_a_picture_or_a_line(shown):
    """The page in a frame that reaches nothing of the notebook."""
    bundle = shown._repr_mimebundle_()
    [(sandbox, page)] = re.findall(r'^<iframe sandbox="([^"]*)" srcdoc="([^"]*)"', bundle["text/html"])
    assert (sandbox, html.unescape(page)) == ("allow-scripts", shown.file.decode())
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == "Adam, SGD on moons: 5 steps"


def test_the_page_becomes_a_file(shown, tmp_path):
    """That holds nothing of this machine."""
    text = shown.save(tmp_path / "runs.html").read_text()
    assert "default-src 'none'" in html.unescape(text)
    assert str(tmp_path) not in text


def test_a_file_of_eight_runs_is_as_small_as_it_is_said_to_be():
    """300 steps each, half of them of Adam, whose records are twice those of SGD."""
    assert len(optiscope.show(RUNS).file) <= BUDGET_BYTES


def test_runs_that_are_too_much_for_a_file_are_refused(monkeypatch):
    """As a server refuses them."""
    monkeypatch.setenv("OPTISCOPE_MAX_FILE_BYTES", "10")
    with pytest.raises(optiscope.ConfigError, match="one file holds 10"):
        optiscope.show(RUN)


def test_a_run_is_a_picture(run):
    """Of its losses, beside the line that it is in a terminal."""
    bundle = run._repr_mimebundle_()
    assert set(bundle) == {"text/html", "image/png", "text/plain"}
    assert bundle["text/plain"] == repr(run)


@pytest.mark.parametrize("curve", [[3.0, 1.0, 2.0], [1.0, np.nan, np.inf], [np.nan], [-1.0, 0.0], [2.0]])
def test_any_curve_has_a_picture(curve):
    """Also one that diverges, stands still, or is not there."""
    png = curves_png([np.array(curve)])
    assert struct.unpack(">II", png[16:24]) == (WIDTH, HEIGHT)


def test_the_colours_are_those_of_the_page():
    """Of its runs, where it is light."""
    tokens = (asset_dir("static") / "css" / "tokens.css").read_text()
    for index, color in enumerate(COLORS):
        assert re.search(rf"--run-{index}: (#\w+);", tokens)[1] == color


@pytest.mark.parametrize(
    ("kind", "traces"), [("loss", 1), ("schedule", 1), ("state", 18), ("curvature", 1), ("paths", 2)]
)
def test_a_run_has_figures(run, kind, traces):
    """Drawn over its steps, or over the surface."""
    assert len(run.figure(kind).data) == traces


def test_the_losses_of_a_figure_are_those_of_the_run(run):
    """Bit for bit."""
    [line] = run.figure("loss").data
    assert (line.x, line.y.tolist()) == (tuple(range(6)), run.loss.tolist())


def test_a_loss_below_zero_is_drawn(run):
    """Over a linear axis: one in decades would leave it out."""
    optimizer = {"name": "Adam", "hyperparameters": {"lr": 0.01}}
    below = optiscope.train({"problem": {"name": "monkey-saddle"}, "optimizer": optimizer, "steps": 300})
    assert run.figure("loss").layout.yaxis.type == "log"
    assert optiscope.figure([run, below]).layout.yaxis.type == "linear"


def test_runs_of_one_optimizer_are_told_apart_by_what_they_differ_in():
    """Whatever that is; one that is alone has its name alone."""
    given = [
        RUN | {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.01}}},
        RUN | {"optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.01, "momentum": 0.9}}},
        RUN | {"optimizer": {"name": "Adam"}},
        RUN | {"optimizer": {"name": "AdamW", "hyperparameters": {"betas": [0.8, 0.999]}}},
        RUN | {"optimizer": {"name": "AdamW"}},
    ]
    drawn = optiscope.figure([optiscope.train(run) for run in given], "loss")
    assert [line.name for line in drawn.data] == [
        "SGD momentum 0.0",
        "SGD momentum 0.9",
        "Adam",
        "AdamW betas/0 0.8",
        "AdamW betas/0 0.9",
    ]


def test_more_paths_than_colours_are_all_drawn(run):
    """A colour comes again."""
    assert len(optiscope.figure([run] * (len(COLORS) + 1), "paths").data) == len(COLORS) + 2


def test_the_curvature_of_a_figure_is_computed_as_ever(run):
    """Whatever a notebook has set of torch."""
    [expected] = run.figure("curvature").data
    with torch.no_grad():
        torch.set_default_dtype(torch.float64)
        try:
            [found] = run.figure("curvature").data
        finally:
            torch.set_default_dtype(torch.float32)
    assert found.y.tolist() == expected.y.tolist()


def test_there_is_no_figure_of_another_kind(run):
    """It says which there are."""
    with pytest.raises(ValueError, match="one of loss, paths, state, schedule, curvature, got 'map'"):
        run.figure("map")


@pytest.mark.parametrize("count", [1, 2])
def test_a_sweep_has_a_map(count):
    """Along one axis a curve, along two a map, each of the median over seeds."""
    axes = [
        {"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]},
        {"path": "/optimizer/hyperparameters/eps", "values": [1e-8, 1e-4, 1e-2]},
    ]
    found = optiscope.sweep({"run": RUN, "axes": axes[:count], "seeds": [0, 1, 2]})
    [drawn] = optiscope.figure(found, "map").data
    assert np.shape(drawn.y if count == 1 else drawn.z) == ((2,) if count == 1 else (2, 3))


def test_a_map_says_what_it_is_of():
    """A curve for each optimizer; a map of two axes has the first one's name above it."""
    axes = [
        {"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]},
        {"path": "/steps", "values": [2, 3]},
    ]
    config = {"run": RUN, "optimizers": [{"name": "Adam"}, {"name": "SGD"}]}
    curves = optiscope.figure(optiscope.sweep(config | {"axes": axes[:1]}), "map")
    assert [curve.name for curve in curves.data] == ["Adam", "SGD"]
    assert curves.layout.colorway == COLORS, "as the page draws runs"
    assert (curves.layout.xaxis.title.text, curves.layout.xaxis.type) == ("lr", "log"), "over a decade"
    drawn = optiscope.figure(optiscope.sweep(config | {"axes": axes}), "map")
    assert drawn.layout.title.text == "Adam"
    assert (drawn.layout.xaxis.title.text, drawn.layout.yaxis.title.text) == ("steps", "lr")


def test_axes_of_one_name_are_told_apart():
    """By their whole paths."""
    paths = [f"/optimizer/param_groups/{group}/lr" for group in (0, 1)]
    groups = [{"params": ["fc1"]}, {"params": ["fc2", "fc3"]}]
    run = {"problem": {"name": "xor"}, "optimizer": {"name": "SGD", "param_groups": groups}, "steps": 2}
    found = optiscope.sweep({"run": run, "axes": [{"path": path, "values": [0.1, 0.2]} for path in paths]})
    drawn = optiscope.figure(found, "map")
    assert [drawn.layout.yaxis.title.text, drawn.layout.xaxis.title.text] == paths


def test_a_map_counts_the_seeds_that_diverge(monkeypatch):
    """As infinite: where they are most the median is infinite, not that of the one that did not."""
    lr = {"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1]}
    found = optiscope.sweep({"run": RUN, "axes": [lr], "seeds": [0, 1, 2]})
    losses = np.array([[1.0, np.inf, np.inf], [1.0, 2.0, np.inf]])
    monkeypatch.setattr("optiscope.figures.losses_of", lambda _: losses)
    [drawn] = optiscope.figure(found, "map").data
    assert list(drawn.y) == [np.inf, 2.0]


@pytest.mark.parametrize("name", ["pandas", "polars", "xarray"])
def test_a_table_that_is_not_installed_says_what_installs_it(run, name, monkeypatch):
    """In the words of pip."""
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(ImportError, match=f"{name} is not installed: pip install {name}"):
        getattr(run, f"to_{name}")()


def test_tables_hold_every_number_by_name_and_step(run, monkeypatch):
    """A column each, or arrays as they are."""
    library = SimpleNamespace(
        DataFrame=lambda data, index=None: (data, index),
        Index=lambda values, name: (name, values),
        Dataset=lambda data, coords: (data, coords),
    )
    for name in ("pandas", "polars", "xarray"):
        monkeypatch.setitem(sys.modules, name, library)
    data, index = run.to_pandas()
    assert index == ("step", list(range(6)))
    assert data["loss"].tolist() == run.loss.tolist()
    assert data["params.fc1.weight[0,1]"].tolist() == run.params["fc1.weight"][:, 0, 1].tolist()
    assert list(run.to_polars()[0])[:2] == ["step", "loss"]
    arrays, coords = run.to_xarray()
    dimensions, values = arrays["state.fc1.weight.exp_avg"]
    assert (dimensions[0], values.shape, coords) == ("step", (6, 2, 2), {"step": list(range(6))})


SWEEP = {
    "run": RUN,
    "axes": [{"path": "/optimizer/hyperparameters/lr", "values": [0.01, 0.1, 1.0]}],
    "optimizers": [{"name": "Adam"}, {"name": "SGD"}],
    "seeds": [0, 1],
}
STEPS = {"path": "/steps", "values": [2, 3]}
EPS = {"path": "/optimizer/hyperparameters/eps", "values": [1e-8]}


def played(shown):
    """What its file plays."""
    [packed] = re.findall(r'id="part-recording">([^<]*)<', shown.file.decode())
    return json.loads(gzip.decompress(base64.b64decode(packed)))


def test_a_sweep_is_shown_as_the_page_with_its_map():
    """All of its cells, under what the page asks for; its picture once they are there, and a line before."""
    found = optiscope.sweep(SWEEP)
    assert set(found._repr_mimebundle_()) == {"text/plain"}
    shown = optiscope.show(found)
    [swept] = played(shown)["sweeps"]
    _, cells, ended = map(json.loads, swept["events"].splitlines())
    assert (played(shown)["place"], swept["runs"], ended["reason"]) == ("tune", [0, 1], "completed")
    assert decoded(cells["end_loss"]).tolist() == found.columns["end_loss"].ravel().tolist()
    assert swept["body"]["seeds"] == [0, 1]
    assert shown.caption == repr(found)
    assert set(found._repr_mimebundle_()) == {"text/html", "image/png", "text/plain"}
    assert len(found.figure().data) == 2


def test_a_map_along_two_axes_has_a_picture_and_one_along_three_is_refused():
    """A page draws no more."""
    axes = [*SWEEP["axes"], STEPS]
    assert optiscope.sweep(SWEEP | {"axes": axes}).picture().startswith(b"\x89PNG")
    three = optiscope.sweep({"run": RUN, "axes": [*axes, EPS]})
    with pytest.raises(optiscope.ConfigError, match="one or two axes, this one has 3"):
        optiscope.show(three)


def watched(to):
    """A loop of four steps, and what watches it."""
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    seen = optiscope.watch(model, optimizer, to=to, name="mine")
    for _ in range(4):
        optimizer.zero_grad()
        loss = model(torch.ones(3, 2)).square().mean()
        loss.backward()
        optimizer.step()
        seen.loss(loss)
    return seen, model, optimizer


def test_a_watched_loop_is_shown_while_it_goes_on_and_when_it_is_over(tmp_path):
    """As the page shows it, of its file the same."""
    path = tmp_path / "mine.optiscope"
    seen, *_ = watched(path)
    live = played(optiscope.show(seen))["documents"]
    assert (live["/api/runs"]["runs"][0]["state"], live["/api/runs/0"]["step"]) == ("paused", 4)
    assert set(seen._repr_mimebundle_()) == {"text/html", "image/png", "text/plain"}
    seen.close()
    shown = optiscope.show(seen)
    over = played(shown)["documents"]
    assert (over["/api/runs/0"]["ended"]["reason"], over["/api/runs/0/report"]["step"]) == ("completed", 4)
    assert shown.caption == "mine: 4 steps"
    assert played(optiscope.show(path))["documents"]["/api/runs/0/steps"] == over["/api/runs/0/steps"]
    other = tmp_path / "other.csv"
    other.write_text("step,loss\n")
    with pytest.raises(optiscope.ConfigError, match="not an Optiscope recording"):
        optiscope.show(other)


def test_a_loop_whose_file_is_gone_is_shown_from_what_is_remembered(tmp_path):
    """Without its surfaces."""
    path = tmp_path / "mine.optiscope"
    seen, *_ = watched(path)
    seen.close()
    path.unlink()
    assert played(optiscope.show(seen))["documents"]["/api/runs/0"]["step"] == 4


def test_an_audit_is_tables_and_a_picture_of_the_rates(tmp_path):
    """In a notebook by itself, and as a page of its own."""
    seen, model, optimizer = watched(tmp_path / "mine.optiscope")
    seen.close()
    found = optiscope.audit(model, optimizer, torch.optim.lr_scheduler.StepLR(optimizer, 2), steps=8)
    bundle = found._repr_mimebundle_()
    assert (bundle["text/plain"], "<table>" in bundle["text/html"]) == (str(found), True)
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert b"<table>" in optiscope.show(found).file


@pytest.mark.parametrize("cells", [[[1.0, 2.0], [np.inf, 4.0]], [[-1.0, 0.0]], [[np.nan]], [[2.0]]])
def test_any_cells_have_a_picture(cells):
    """Also those that are all the same, lost, or below zero."""
    assert struct.unpack(">II", cells_png(np.array(cells))[16:24]) == (WIDTH, HEIGHT)
