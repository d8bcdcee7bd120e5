"""Files that earlier versions of Optiscope wrote come back, and go on as plain torch does from them."""

import io
from pathlib import Path

import pytest
import pytorch_optimizer
import torch

from optiscope.engine.loop.checkpoint_file import read_checkpoint
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.problems import build_problem
from tests.engine import recipes
from tests.engine.bare_loop import TinyNet

FOLDER = Path(__file__).parent / "earlier"
MORE = 2

OPTIMIZERS = {
    "adagrad-at-the-beginning": "Adagrad",
    "adam-steplr-batches": "Adam",
    "fork-with-a-schedule-anew": "AdamW, amsgrad",
    "fork-with-an-optimizer-anew": "SGD",
    "lbfgs": "LBFGS",
    "lion": None,
    "muon-and-rest-onecycle": "Muon",
    "sgd-warm-up-in-a-sequence": "SGD, momentum",
}
"""The recipe of each file, where it is one of torch."""


def made_by_hand(name, net):
    """The optimizers of a file as a user makes them; those of run_config's own Adam have no recipe."""
    if OPTIMIZERS[name] is None:
        return [pytorch_optimizer.Lion(net.parameters())]
    if OPTIMIZERS[name] == "Adam":
        return [torch.optim.Adam(net.parameters(), lr=0.02)]
    return recipes.make_optimizers(OPTIMIZERS[name], net, groups=name.startswith("sgd"))


class Batches:
    """Rows of minibatches, from where the file stands in an epoch."""

    def __init__(self, saved, samples, size):
        self.generator = torch.Generator()
        self.generator.set_state(saved["generator"])
        self.samples, self.size, self.position = samples, size, saved["position"]
        self.order = self.shuffled() if self.position < samples else None

    def shuffled(self):
        return torch.randperm(self.samples, generator=self.generator)

    def next(self):
        if self.size is None:
            return slice(None)
        if self.position >= self.samples:
            self.order, self.position = self.shuffled(), 0
        self.position += self.size
        return self.order[self.position - self.size : self.position]


def plain_loop(name, found, problem):
    """The losses and the parameters of a few more steps, by plain means."""
    net = TinyNet()
    net.load_state_dict(found["model"])
    optimizers = made_by_hand(name, net)
    held = [found, found["rest"]][: len(optimizers)]
    config = found["config"]["lr_scheduler"]
    schedulers = [recipes.make_lr_scheduler(config, o) for o in optimizers] if config else []
    for optimizer, saved in zip(optimizers, held, strict=True):
        optimizer.load_state_dict(saved["optimizer"])
    for scheduler, saved in zip(schedulers, held, strict=False):
        scheduler.load_state_dict(saved["lr_scheduler"])
    batches = Batches(found["batches"], len(problem.x), found["config"]["batch_size"])
    losses = []
    for _ in range(MORE):
        rows = batches.next()

        def closure(rows=rows):
            net.zero_grad()
            loss = problem.info.loss.function(net(problem.x[rows]), problem.y[rows])
            loss.backward()
            return loss

        if name == "lbfgs":
            losses.append(optimizers[0].step(closure).item())
        else:
            losses.append(closure().item())
            for optimizer in optimizers:
                optimizer.step()
        for scheduler in schedulers:
            scheduler.step()
    return losses, net.state_dict()


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.filterwarnings("ignore")
def test_a_file_of_an_earlier_version_goes_on_as_plain_torch_does(name):
    """Also a warm-up in a sequence, an optimizer of a package, and forks that took over a part."""
    data = (FOLDER / f"{name}.pt").read_bytes()
    found = torch.load(io.BytesIO(data), weights_only=True)
    config, checkpoint, [block] = read_checkpoint(data)
    assert (block.first, checkpoint.step) == (found["step"], found["step"])
    blocks, reached = advance(config, checkpoint, MORE)
    losses, parameters = plain_loop(name, found, build_problem(config.problem, torch.float32))
    assert [loss for block in blocks for loss in block.loss.tolist()] == losses
    for key, value in parameters.items():
        assert torch.equal(reached.model[key], value)


def test_every_file_that_is_kept_is_read():
    """None lies there unread."""
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(OPTIMIZERS)
