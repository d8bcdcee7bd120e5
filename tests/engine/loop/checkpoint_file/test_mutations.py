"""Good files with one value changed: each is refused by its place, or goes on without an error."""

import math

import pytest
import torch

from optiscope.engine.core.tree import cloned
from optiscope.engine.loop.checkpoint import Reason
from optiscope.engine.loop.checkpoint_file import reading
from optiscope.engine.loop.checkpoint_file.misfits import CheckpointFileError
from optiscope.engine.loop.checkpoint_file.probing import kept_by as kept_by_training
from optiscope.engine.loop.checkpoint_file.reading import judged
from optiscope.engine.loop.checkpoint_file.writing import tree_of
from optiscope.engine.loop.training import advance, quiet
from tests.engine import recipes
from tests.engine.recorded import run_config

STEP, MORE = 4, 2

RECIPES = {
    "Adam, warm-up, batches": {
        "optimizer": recipes.optimizer_config("Adam, amsgrad"),
        "lr_scheduler": recipes.lr_scheduler_config("SequentialLR, of a chain"),
        "batch_size": 3,
    },
    "RMSprop, groups, plateau": {
        "optimizer": recipes.optimizer_config("RMSprop, centered", groups=True),
        "lr_scheduler": recipes.lr_scheduler_config("ReduceLROnPlateau"),
    },
    "LBFGS": {"optimizer": recipes.optimizer_config("LBFGS, strong_wolfe")},
    "Muon, cycle": {
        "optimizer": recipes.optimizer_config("Muon"),
        "lr_scheduler": recipes.lr_scheduler_config("OneCycleLR"),
    },
    "Prodigy": {"optimizer": {"name": "pytorch_optimizer.Prodigy"}},
}

WHOLE = {"config", "format"}
"""Parts that are judged as a request is."""


def tree(recipe):
    """What is in a good file."""
    config = run_config(problem={"name": "xor", "samples": 8}, steps=12, **RECIPES[recipe])
    return tree_of(config, advance(config, None, STEP)[1])


def leaves(part, path=()):
    """Where the values are."""
    if isinstance(part, dict) and part:
        keys = list(part)
    elif isinstance(part, list | tuple) and part:
        keys = list(range(len(part)))
    else:
        yield path
        return
    for key in ends(keys):
        if path or key not in WHOLE:
            yield from leaves(part[key], (*path, key))


def ends(keys):
    """Of numbered entries, which are of one kind, the first and the last; else all keys."""
    return sorted({keys[0], keys[-1]}) if all(isinstance(key, int) for key in keys) else keys


def of_tensor(value):
    """Other tensors in its place, and what is none."""
    yield from (-value - 1, value * 0 + 1e30, value.to(torch.float16), value.reshape(1, 1, -1), None, [value])
    if value.is_floating_point():
        yield from (value * math.nan, value - math.inf, torch.full_like(value, -1e30))


def of_plain(value):
    """Other values in its place."""
    yield from (None, "x", -1, 10**30, -1e30, 0.5, math.nan, -math.inf, [value], torch.ones(2))


def changed(found, path, value):
    """The tree with one value exchanged."""
    found = cloned(found)
    return found if put(found, path, value) else None


def put(found, path, value):
    *way, last = path
    for key in way:
        found = found[key]
    if isinstance(found, tuple):
        return False
    found[last] = value
    return True


def value_at(found, path):
    for key in path:
        found = found[key]
    return found


PARTS = ("step", "model", "optimizer", "lr_scheduler", "rest", "grads", "batches")

OF_ALL = {"file_no_checkpoint", "file_fails"}
"""Refusals of the whole: a part is missing, or what another package keeps lets no step be made."""


def goes_wrong(found):
    """Neither refused with a place, nor gone on from: what happened, or None."""
    try:
        config, checkpoint, _ = judged(found)
    except CheckpointFileError as error:
        said = str(error)
        is_placed = said.removeprefix("len(").startswith(PARTS) or error.said.code in OF_ALL
        return None if is_placed else said
    except Exception as error:  # noqa: BLE001 - a raw error names no place
        return repr(error)
    ended = advance(config, checkpoint, MORE)[1].ended
    return str(ended.said) if ended and ended.reason is Reason.FAILED else None


def mutants(found):
    """Every value exchanged for others, every key left out, and one more in every dict."""
    dicts = set()
    for path in leaves(found):
        value = value_at(found, path)
        for other in of_tensor(value) if isinstance(value, torch.Tensor) else of_plain(value):
            if (mutant := changed(found, path, other)) is not None:
                yield path, other, mutant
        if isinstance(value_at(found, path[:-1]), dict):
            yield path, "left out", without(found, path)
            if path[:-1] not in dicts:
                dicts.add(path[:-1])
                yield path, "another", changed(found, (*path[:-1], "another"), 1.0)


@pytest.fixture
def remembered(monkeypatch):
    """The first steps of a recipe are looked at once: no mutant changes its config."""
    known = {}

    def kept_by(config, step):
        key = config.canonical(), step
        known[key] = known.get(key) or kept_by_training(config, step)
        return known[key]

    monkeypatch.setattr(reading, "kept_by", kept_by)


def without(found, path):
    found = cloned(found)
    del value_at(found, path[:-1])[path[-1]]
    return found


@pytest.mark.timeout(600)
@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.usefixtures("remembered")
def test_no_value_can_be_exchanged_for_nonsense(recipe):
    """A wrong sign, size, type, dtype or shape, what is missing and what is too much."""
    with quiet():
        found = tree(recipe)
        judged(found)
        wrong = [(path, other, why) for path, other, mutant in mutants(found) if (why := goes_wrong(mutant))]
    assert wrong == []
