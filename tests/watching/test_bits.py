"""A loop that is watched ends with the same bits as one that is not, and nothing is left on its objects."""

import copy

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from optiscope import watch
from tests.watching.loops import LOOPS, data
from tests.watching.recorded import blocks_in


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


def around(model):
    """What looks around at every step, with a surface of each kind at one."""
    x, y = data()
    x, y = (part.to(next(model.parameters()).dtype) for part in (x, y))
    words = torch.arange(24).reshape(8, 3)

    def closure():
        if isinstance(model, nn.ModuleDict):
            return F.mse_loss(model["left"](x) + model["right"](x), y)
        if isinstance(model[0], nn.EmbeddingBag):
            return model(words).square().mean()
        with torch.autocast("cpu", torch.bfloat16):
            model.train()
            loss = F.mse_loss(model(x).float(), y.float())
            model.eval()
            return loss

    return {"closure": closure, "surfaces_at": [3, 8], "resolution": 3, "critical_every": 1}


@pytest.mark.parametrize("looks", ["", "random", "update"])
@pytest.mark.parametrize("name", LOOPS)
def test_a_watched_loop_has_the_bits_of_the_same_unwatched(name, looks, tmp_path):
    """Parameters, buffers and random numbers, of every kind of loop; the recorder has no trouble."""
    made = []

    def watching(model, optimizer, scheduler=None, **how):
        more = around(model) | {"surface": looks} if looks else {}
        seen = watch(model, optimizer, scheduler, to=tmp_path / "run.optiscope", **how, **more)
        made.append((seen, optimizer))
        return made[-1][0]

    seen, unseen = ended(LOOPS[name], watching), ended(LOOPS[name], lambda *_, **__: Unwatched())
    for watched, optimizers in made:
        watched.close()
        assert watched.trouble == "" or (name == "sparse" and looks and "eigenvalue" in watched.trouble)
        for optimizer in optimizers if isinstance(optimizers, list | tuple) else [optimizers]:
            assert not optimizer._optimizer_step_pre_hooks
            assert not optimizer._optimizer_step_post_hooks
    assert all(a.dtype == b.dtype and torch.equal(a, b) for a, b in zip(seen, unseen, strict=True))
    blocks = blocks_in(tmp_path / "run.optiscope")
    assert sum(len(block) for block in blocks if "surface" in block.optional) == (2 if looks else 0)
