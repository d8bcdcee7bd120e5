"""A loop that is watched ends with the same bits as one that is not, and nothing is left on its objects."""

import copy

import pytest
import torch

from optiscope import watch
from tests.watching.loops import LOOPS


class Unwatched:
    """Says nothing to anybody."""

    def __getattr__(self, _name):
        return lambda *_, **__: None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def ended(loop, watching):
    """All that a loop ends with: parameters, buffers and the state of the random numbers."""
    torch.manual_seed(7)
    model = loop(watching)
    return [*copy.deepcopy(model.state_dict()).values(), torch.get_rng_state()]


@pytest.mark.parametrize("name", LOOPS)
def test_a_watched_loop_has_the_bits_of_the_same_unwatched(name, tmp_path):
    """Parameters, buffers and random numbers, of every kind of loop; the recorder has no trouble."""
    made = []

    def watching(model, optimizer, scheduler=None, **how):
        made.append((watch(model, optimizer, scheduler, to=tmp_path / "run.optiscope", **how), optimizer))
        return made[-1][0]

    seen, unseen = ended(LOOPS[name], watching), ended(LOOPS[name], lambda *_, **__: Unwatched())
    for watched, optimizers in made:
        watched.close()
        assert watched.trouble == ""
        for optimizer in optimizers if isinstance(optimizers, list | tuple) else [optimizers]:
            assert not optimizer._optimizer_step_pre_hooks
            assert not optimizer._optimizer_step_post_hooks
    assert all(a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(seen, unseen, strict=True))
    assert (tmp_path / "run.optiscope").stat().st_size > 0
