import itertools

import numpy as np
import pytest
import torch

from optiscope.engine.advice.defaults import DEFAULT_COMPARISON, suggested_comparison
from optiscope.engine.advice.linter import lint
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import build_model, dead_units
from optiscope.engine.recipe.problems import PROBLEMS, build_problem


def trained(config):
    """The path [steps + 1, parameters] of a run, its losses, and the model at its end."""
    blocks, checkpoint = advance(config, None, config.steps)
    assert checkpoint.ended.reason == "completed"
    path = np.concatenate(
        [np.concatenate([v.reshape(len(b), -1) for v in b.params.values()], axis=1) for b in blocks]
    )
    problem = build_problem(config.problem, torch.float32)
    model = build_model(problem, config.model, torch.float32)
    start = problem.loss(model).item(), sum(map(len, dead_units(model, problem.x).values()))
    model.load_state_dict(checkpoint.model)
    end = problem.loss(model).item(), sum(map(len, dead_units(model, problem.x).values()))
    return path, start, end


def test_default_comparison_is_four_optimizers_on_a_function():
    """The page opens with SGD, SGD with momentum, Adam and AdamW on a 2-D function, without a projection."""
    configs = [RunConfig.model_validate(config) for config in DEFAULT_COMPARISON]
    assert [config.optimizer.name for config in configs] == ["SGD", "SGD", "Adam", "AdamW"]
    assert [config.optimizer.hyperparameters.get("momentum") for config in configs] == [None, 0.9, None, None]
    assert {PROBLEMS[config.problem.name].kind for config in configs} == {"function"}
    assert all(100 <= config.steps <= 300 for config in configs)


def test_default_comparison_needs_no_caveat():
    """Nothing is warned of, no path leaves the picture, and from one start the runs come to three minima."""
    configs = [RunConfig.model_validate(config) for config in DEFAULT_COMPARISON]
    info = PROBLEMS[configs[0].problem.name]
    assert [found for config in configs for found in lint(config)] == []
    paths = [trained(config)[0] for config in configs]
    low, high = np.array(info.bounds).T
    assert all(((low <= path) & (path <= high)).all() for path in paths)
    minima = np.array([minimum.at for minimum in info.minima])
    assert len({np.linalg.norm(minima - path[-1], axis=1).argmin() for path in paths}) == 3


def test_paths_on_xor_lie_near_one_plane():
    """Two principal axes hold nine tenths of the variance of xor's paths, so that the surface is honest."""
    paths = np.concatenate([trained(RunConfig.model_validate(c))[0] for c in suggested_comparison("xor")])
    variance = np.linalg.svd(paths - paths.mean(axis=0), compute_uv=False) ** 2
    assert variance[:2].sum() > 0.9 * variance.sum()


@pytest.mark.parametrize("problem", PROBLEMS)
def test_suggested_comparison_is_vetted(problem):
    """On every problem the suggested runs stay alive, get lower, and go ways that the eye can tell apart."""
    configs = [RunConfig.model_validate(config) for config in suggested_comparison(problem)]
    runs = [trained(config) for config in configs]
    for _, (first, dead_at_start), (last, dead_at_end) in runs:
        assert dead_at_start == dead_at_end == 0
        assert last < first / 2 or PROBLEMS[problem].kind == "function"
        assert last < first
    size = max(np.linalg.norm(path - path[0], axis=1).max() for path, _, _ in runs)
    for (a, *_), (b, *_) in itertools.combinations(runs, 2):
        assert np.linalg.norm(a - b, axis=1).max() > 0.05 * size
