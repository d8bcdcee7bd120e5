"""A plane that is asked to be like another keeps its signs and directions; a held one is that plane."""

import pytest
import torch

from optiscope.engine.core.config import RunConfig
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.loop.training import advance
from tests.engine.lens.test_planes import ADAPTER, START, A, B, plane, refused, wandering

C, D = wandering(50, seed=5), wandering(30, seed=9)
AWAY = A.flip(0)  # a path that ends where it began to go, so that the paths together turn round
AWAY_LONG = START + 3 * (START - wandering(60, seed=2))

CHANGES = [
    ([A, B], [A, B, C]),
    ([A, B], [A, B, AWAY]),
    ([A, B], [A, B, AWAY_LONG]),
    ([A, B], [A]),
    ([A, B, C], [A, C]),
    ([A, B, C], [C, B, A]),
    ([A, B], [A, torch.cat([B[:30], 2 * B[30] - B[30:]])]),
    ([A, B, C, D], [B, D]),
]


def cosines(laid, other):
    one, two = (rows / rows.norm(dim=1, keepdim=True) for rows in (laid.basis, other.basis))
    return one @ two.T


def like(laid):
    return laid.basis.tolist()


@pytest.mark.parametrize(("before", "after"), CHANGES)
@pytest.mark.parametrize("through", ["mean", "final", "start"])
def test_principal_axes_keep_their_directions(before, after, through):
    """Whatever is added, removed or put in another order: no other choice of axes and signs is nearer."""
    first = plane({"kind": "pca", "through": through}, *before)
    second = plane({"kind": "pca", "through": through, "like": like(first)}, *after)
    kept = cosines(second, first)
    assert (kept.trace() - kept.diagonal().abs().sum()).abs() < 1e-8
    assert kept.trace() >= kept.fliplr().diagonal().abs().sum() - 1e-8


def test_the_same_runs_in_another_order_have_the_same_plane():
    """Nothing moves but by rounding when cards change places."""
    first = plane({"kind": "pca"}, A, B, C)
    second = plane({"kind": "pca", "like": like(first)}, C, A, B)
    torch.testing.assert_close(second.basis, first.basis)


def test_the_rule_alone_would_turn_them_round():
    """Signs by where the paths go change with the paths: this is what being like another plane is for."""
    first = plane({"kind": "pca"}, A, B)
    mirrored = [2 * START - A, 2 * START - B]
    assert (cosines(plane({"kind": "pca"}, *mirrored), first).diagonal() < -0.99).all()
    assert (cosines(plane({"kind": "pca", "like": like(first)}, *mirrored), first).diagonal() > 0.99).all()


@pytest.mark.parametrize("axes", [(1, 2), (1, -2), (-1, 2), (-1, -2), (2, 1), (-2, 1), (2, -1), (-2, -1)])
def test_what_was_nearest_can_be_asked_for(axes):
    """The answer says which axes were taken; asked for by them alone, the plane is the same."""
    first = plane({"kind": "pca", "axes": axes}, A, B)
    second = plane({"kind": "pca", "like": like(first)}, A, B)
    assert second.turn == axes
    assert torch.equal(second.basis, first.basis)
    assert [axis.label for axis in second.axes] == [f"PC {abs(axis)}" for axis in axes]
    shares = {axis.label: axis.variance_explained for axis in plane({"kind": "pca"}, A, B).axes}
    assert {axis.label: axis.variance_explained for axis in second.axes} == shares


@pytest.mark.parametrize("step", [0, 7, 39])
def test_an_eigenvector_keeps_its_sign_and_downhill_stays(step):
    """The gradient has a sign of its own; the eigenvector takes the one that is nearer."""
    first = plane({"kind": "eigen", "at": {"step": step}}, A)
    turned = [(-row).tolist() for row in first.basis]
    second = plane({"kind": "eigen", "at": {"step": step}, "like": turned}, A)
    assert second.turn == (1, -2)
    assert torch.equal(second.basis, torch.stack([first.basis[0], -first.basis[1]]))
    asked = plane({"kind": "eigen", "at": {"step": step}, "axes": [-2, 1]}, A)
    assert asked.turn == (1, 2)


@pytest.mark.parametrize("run", [0, 1])
def test_through_the_end_of_any_run(run):
    """The record that a plane goes through lies on it, of whichever run it is."""
    laid = plane({"kind": "pca", "through": "final", "run": run}, A, B)
    xy, distance = laid.project([A, B][run][-1:])
    assert xy.abs().max() == distance.max() == 0
    assert laid.axes[0].label == f"PC 1 about the end of run {run + 1}"


HELD = {"kind": "held", "origin": START.tolist(), "basis": like(plane({"kind": "pca"}, A, B))}


@pytest.mark.parametrize("paths", [[A, B], [A], [C, D], [A, B, C, AWAY_LONG]])
def test_a_held_plane_is_the_same_for_all_runs(paths):
    """Its numbers are those given, and it says how much of the variance of the present runs it keeps."""
    laid = plane(HELD, *paths)
    assert laid.origin.tolist() == HELD["origin"]
    assert laid.basis.tolist() == HELD["basis"]
    records = torch.cat(paths)
    centred = records - records.mean(dim=0)
    shares = (centred @ laid.basis.T).square().sum(dim=0) / centred.square().sum()
    assert [axis.variance_explained for axis in laid.axes] == pytest.approx(shares.tolist())
    assert [axis.label for axis in laid.axes] == ["held direction 1", "held direction 2"]


def test_shares_of_directions_that_are_not_orthogonal_are_those_of_the_plane():
    """What lies along both is counted once."""
    laid = plane({"kind": "pca"}, A, B)
    oblique = [laid.basis[0].tolist(), (3 * laid.basis[0] + 0.5 * laid.basis[1]).tolist()]
    held = plane({**HELD, "basis": oblique}, A, B)
    whole = sum(axis.variance_explained for axis in laid.axes)
    assert sum(axis.variance_explained for axis in held.axes) == pytest.approx(whole)


WRONG = [
    ({"kind": "pca", "like": [[1.0, 2.0], [0.0, 1.0]]}, ["/plane/like"]),
    ({"kind": "pca", "through": "final", "run": 2}, ["/plane/run"]),
    ({**HELD, "origin": [0.0] * 14}, ["/plane/origin"]),
    ({**HELD, "basis": [HELD["basis"][0], [1.0] * 16]}, ["/plane/basis/1"]),
    ({**HELD, "basis": [HELD["basis"][0], HELD["basis"][0]]}, ["/plane/basis"]),
    ({**HELD, "basis": [HELD["basis"][0], [0.0] * 15]}, ["/plane/basis"]),
]


@pytest.mark.parametrize(("asked", "pointers"), WRONG)
def test_what_is_no_plane_of_this_network_is_refused(asked, pointers):
    """Another number of parameters, or two directions on one line."""
    assert refused(asked, A, B) == pointers


@pytest.mark.parametrize("axes", [[1, 1], [0, 2], [1, 3], [1], [-1, 1]])
def test_axes_are_both_of_them(axes):
    """One and two, each once."""
    with pytest.raises(ValueError, match="axes"):
        ADAPTER.validate_python({"kind": "pca", "axes": axes})


def test_a_fork_that_locks_a_layer_turns_no_axis():
    """Real runs: four optimizers, then the last one forked at step 100 with fc2 locked, as on the page."""
    base = {"problem": {"name": "moons"}, "model": {"seed": 44}, "steps": 200}
    optimizers = [
        {"name": "SGD", "hyperparameters": {"lr": 0.5}},
        {"name": "Adam", "hyperparameters": {"lr": 0.05}},
    ]
    configs = [RunConfig.model_validate({**base, "optimizer": optimizer}) for optimizer in optimizers]
    locked = RunConfig.model_validate(
        {**base, "optimizer": optimizers[1], "freeze": [{"params": ["fc2"], "from_step": 100}]}
    )
    records = [advance(config, None, 200)[0] for config in (*configs, locked)]
    first = loss_surface(configs, records[:2], resolution=5)
    asked = ADAPTER.validate_python({"kind": "pca", "like": first.basis.tolist()})
    second = loss_surface([*configs, locked], records, asked, resolution=5)
    assert (torch.from_numpy(first.basis) @ torch.from_numpy(second.basis).T).diagonal().min() > 0
    assert second.plane.like is None
    again = loss_surface([*configs, locked], records, second.plane, resolution=5)
    assert (again.basis == second.basis).all()
