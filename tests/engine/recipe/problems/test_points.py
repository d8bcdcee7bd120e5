import numpy as np
import pytest
import torch
import torch.nn.functional as F

from optiscope.engine.core.config import ProblemConfig, RunConfig
from optiscope.engine.core.errors import ConfigError
from optiscope.engine.core.limits import DEFAULT_LIMITS, Limits, in_context
from optiscope.engine.lens.boundary import View, boundary
from optiscope.engine.lens.curvature import curvature
from optiscope.engine.lens.loss_surface import loss_surface
from optiscope.engine.loop.judging import check
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems import build_problem, complete_problem, info_of
from optiscope.engine.recipe.problems.points import split, standardized
from optiscope.engine.sweep.judging import plan_of
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.runs.description import describe

X = [[0.0, 1.0, 2.0], [1.0, 0.5, -1.0], [2.0, 2.5, 0.0], [3.0, -1.0, 1.0], [4.0, 0.0, 0.5]]
LABELS, VALUES = [0, 1, 1, 0, 1], [0.5, 1.0, -2.0, 3.0, 0.25]


def problem(x=X, y=LABELS, seed=None, **rest):
    points = {"x": x, "y": y} | rest
    document = {"name": "points", "points": points} | ({} if seed is None else {"seed": seed})
    return ProblemConfig.model_validate(document, context=in_context(DEFAULT_LIMITS))


def config(steps=20, **rest):
    return RunConfig.model_validate(
        {
            "problem": problem(**rest).model_dump(),
            "model": {"hidden": [3], "activation": "tanh", "seed": 1},
            "optimizer": {"name": "Adam", "hyperparameters": {"lr": 0.1}},
            "steps": steps,
        }
    )


def refused(document, limits=DEFAULT_LIMITS):
    with pytest.raises(ConfigError) as caught:
        check(RunConfig.model_validate({"problem": document, "optimizer": {"name": "SGD"}}), limits)
    return {found.pointer: found.detail for found in caught.value.problems}


def trained(run):
    blocks, checkpoint = advance(run, None, run.steps)
    return blocks, checkpoint


class TestSplit:
    def test_rows_are_trained_on_or_held_out(self):
        """Each row is in one of the two, the held-out share is rounded down, and both keep their order."""
        rows, held_out = split(11, 0.25, 3)
        assert (len(rows), len(held_out)) == (9, 2)
        assert sorted([*rows.tolist(), *held_out.tolist()]) == list(range(11))
        assert rows.tolist() == sorted(rows.tolist())

    def test_the_seed_decides(self):
        """The same seed holds out the same rows, without the global generator; another seed, others."""
        state = torch.get_rng_state()
        chosen = [split(40, 0.25, seed)[1].tolist() for seed in (1, 1, 2)]
        assert chosen[0] == chosen[1] != chosen[2]
        assert torch.equal(state, torch.get_rng_state())

    def test_nothing_held_out(self):
        """Without a share, all rows are trained on, and the held-out data are the same."""
        built = build_problem(problem(held_out=0), torch.float64)
        assert built.x.tolist() == X
        assert torch.equal(built.x, built.x_test)
        assert not info_of(problem(held_out=0)).holds_out


class TestStandardized:
    def test_mean_and_deviation_of_what_is_trained_on(self):
        """Training rows have mean 0 and deviation 1; held-out ones are moved as they are."""
        built = build_problem(problem(standardize=True, seed=4), torch.float64)
        plain = build_problem(problem(seed=4), torch.float64)
        assert built.x.mean(0).numpy() == pytest.approx(0, abs=1e-12)
        assert built.x.std(0, correction=0).numpy() == pytest.approx(1)
        mean, deviation = plain.x.mean(0), plain.x.std(0, correction=0)
        assert built.x_test.numpy() == pytest.approx(((plain.x_test - mean) / deviation).numpy())

    def test_a_constant_feature_is_zero(self):
        """What does not differ is shifted alone, whatever rounding says of its deviation."""
        x = torch.tensor([[0.1, 1.0], [0.1, 2.0], [0.1, 4.0]], dtype=torch.float64)
        assert standardized(x, x)[:, 0].abs().max() < 1e-15


class TestLoss:
    @pytest.mark.parametrize(
        ("y", "loss"),
        [
            (LABELS, "binary_cross_entropy_with_logits"),
            (VALUES, "mse_loss"),
            ([1, 1, 1, 1, 1], "mse_loss"),
            ([0, 1, 2, 0, 1], "mse_loss"),
        ],
    )
    def test_is_told_by_the_targets(self, y, loss):
        """Two labels are classified; anything else is values; and the completed config says so."""
        completed = complete_problem(problem(y=y))
        assert completed.points.loss == loss
        assert completed.seed == 0
        assert info_of(problem(y=y)).loss.name == f"F.{loss}"

    def test_as_asked(self):
        """Labels may be values, too."""
        assert info_of(problem(loss="mse_loss")).loss.function is F.mse_loss


class TestRefused:
    @pytest.mark.parametrize(
        ("points", "pointer", "detail"),
        [
            ({"x": [[1, 2], [1]], "y": [0, 1]}, "/problem/points/x/1", "1 feature"),
            ({"x": [[1, 2], [3, 4]], "y": [0]}, "/problem/points/y", "1 entry for 2 points"),
            ({"x": [[1, 2e6], [3, 4]], "y": [0, 1]}, "/problem/points/x/0/1", "between"),
            (
                {"x": [[1], [3]], "y": [0, 0.5], "loss": "binary_cross_entropy_with_logits"},
                "/problem/points/y/1",
                "label 0 or 1",
            ),
        ],
    )
    def test_no_dataset(self, points, pointer, detail):
        """Rows that differ in length, targets that are missing, what is too large, and no label."""
        points["x"] = tuple(map(tuple, points["x"]))
        assert detail in refused({"name": "points", "points": points})[pointer]

    def test_options_of_others(self):
        """Points have no noise, and other problems no points."""
        assert "takes no noise" in refused({"name": "points", "noise": 0.5})["/problem/noise"]
        given = problem().model_dump()
        for name in ("moons", "seed-example", "booth", "associative-memory"):
            assert "/problem/points" in refused(given | {"name": name})

    def test_bounds(self):
        """Points, and features of each, are at most as many as the limits allow."""
        limits = Limits(max_points=4, max_features=2)
        for rows in (X, [[1, 2, 3]] * 3):
            with pytest.raises(ValueError, match="refused"):
                ProblemConfig.model_validate(
                    {"name": "points", "points": {"x": rows, "y": [0] * len(rows)}},
                    context=in_context(limits),
                )

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_no_number(self, value):
        """Only finite numbers are points."""
        with pytest.raises(ValueError, match="finite"):
            problem(x=[[1, 2], [value, 3]], y=[0, 1])


class TestRuns:
    def test_are_a_plain_loop(self):
        """A run on points is bit-identical to torch on the rows that the split names."""
        run = config(seed=7, standardize=True)
        blocks, _ = trained(run)
        rows, _ = split(len(X), 0.25, 7)
        x, y = torch.tensor(X, dtype=torch.float64), torch.tensor(LABELS, dtype=torch.float64)
        x = standardized(x, x[rows])[rows].float()
        torch.manual_seed(1)
        net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
        optimizer = torch.optim.Adam(net.parameters(), lr=0.1)
        for k in range(1, 21):
            optimizer.zero_grad()
            loss = F.binary_cross_entropy_with_logits(net(x), y[rows, None].float())
            loss.backward()
            optimizer.step()
            assert np.concatenate([block.loss for block in blocks])[k] == loss.item()

    def test_completed_gives_the_same(self):
        """What was left out is filled in without changing a bit."""
        run = config(y=VALUES)
        again = describe(run).config
        assert again.problem.points.loss == "mse_loss"
        assert [block.loss.tolist() for block in trained(run)[0]] == [
            block.loss.tolist() for block in trained(again)[0]
        ]

    @pytest.mark.parametrize("features", [1, 2, 3, 8])
    def test_have_a_surface_and_a_curvature(self, features):
        """Whatever the number of features, the first layer is as wide, and the loss is drawn over a plane."""
        x = [[float(i * (k + 1) % 5) for k in range(features)] for i in range(6)]
        run = config(x=x, y=[0, 1, 0, 1, 1, 0], held_out=0)
        blocks, _ = trained(run)
        assert blocks[0].params["fc1.weight"].shape[1:] == (3, features)
        assert np.isfinite(loss_surface([run], [blocks], resolution=5).z).all()
        assert np.isfinite(curvature(run, blocks, every=10).eigenvalues).all()

    def test_boundary_over_two_features(self):
        """Two of three are drawn with the third held; of one feature it is said why nothing is."""
        run = config()
        drawn = boundary([run], [trained(run)[0]], view=View(5))
        assert drawn.task == "classification"
        assert (len(drawn.train["x"]), len(drawn.test["x"])) == (4, 1)
        assert [held is None for held in drawn.held] == [True, True, False]
        run = config(x=[row[:1] for row in X])
        with pytest.raises(ConfigError, match="two features, and each point here has 1"):
            boundary([run], [trained(run)[0]], view=View(5))


class TestSweeps:
    @pytest.mark.parametrize(("held_out", "has_column"), [(0.25, True), (0.0, False)])
    def test_held_out_losses_where_there_are_some(self, held_out, has_column):
        """Cells say the loss of held-out points where any are held out."""
        run = config(held_out=held_out).model_dump(mode="json")
        assert Plan(sweep_of(run, "/optimizer/hyperparameters/lr", [0.1])).wanted.test_loss == has_column

    def test_what_is_held_out_may_be_an_axis(self):
        """The share, and the seed that chooses, are fields like any other."""
        run = config(held_out=0).model_dump(mode="json")
        assert Plan(sweep_of(run, "/problem/points/held_out", [0, 0.4])).wanted.test_loss
        del run["problem"]["seed"]
        plan = plan_of(sweep_of(run, "/problem/seed", [1, 2]))
        assert [plan.config(member).problem.seed for member in range(2)] == [1, 2]


def sweep_of(run, path, values):
    return SweepConfig.model_validate({"run": run, "axes": [{"path": path, "values": values}]})
