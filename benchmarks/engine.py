"""A recorded run beside the bare ten-line loop, in one process, alternating; the loop is 1.0."""

import pickle
import statistics
import time
from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.training import advance

STEPS = 1000
CHUNK = 250
ROUNDS = 9
OPTIMIZERS: dict[str, tuple[str, type[torch.optim.Optimizer], dict[str, float]]] = {
    "SGD": ("SGD", torch.optim.SGD, {"lr": 0.01}),
    "SGD, momentum": ("SGD", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    "Adam": ("Adam", torch.optim.Adam, {"lr": 0.01}),
}


class TinyNet(nn.Module):
    """The network as the tutorial writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(2, 2)
        self.fc2 = nn.Linear(2, 2)
        self.fc3 = nn.Linear(2, 1)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Predictions [n, 1]."""
        x = F.relu(self.fc1(x))
        x = F.relu(self.fc2(x))
        return self.fc3(x)


def bare_loop(cls: type[torch.optim.Optimizer], arguments: dict[str, float]) -> None:
    """What a user writes, keeping nothing."""
    net = TinyNet()
    optimizer = cls(net.parameters(), **arguments)
    x, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]])
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()


def recorded(config: RunConfig, chunk: int) -> None:
    """The same run, every record kept, in chunks that are pickled for another process."""
    _, checkpoint = travelled(advance(config, None, chunk))
    while checkpoint.ended is None:
        _, checkpoint = travelled(advance(config, checkpoint, chunk))


def travelled(advanced: tuple[list[Block], Checkpoint]) -> tuple[list[Block], Checkpoint]:
    """What another process would get."""
    return pickle.loads(pickle.dumps(advanced))  # noqa: S301 - pickled one call ago


def seconds(work: Callable[[], None]) -> float:
    """The processor time that ``work`` takes, so that a busy neighbour does not count."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> None:
    """Print, for each optimizer, the median ratio of rounds in which both ran one after the other."""
    torch.set_num_threads(1)
    print(f"engine: {STEPS} recorded steps of TinyNet / the bare loop, median of {ROUNDS} rounds")
    for title, (name, cls, arguments) in OPTIMIZERS.items():
        config = RunConfig.model_validate(
            {
                "problem": {"name": "seed-example"},
                "optimizer": {"name": name, "hyperparameters": arguments},
                "steps": STEPS,
            }
        )
        rounds = [
            (
                seconds(partial(bare_loop, cls, arguments)),
                seconds(partial(recorded, config, STEPS)),
                seconds(partial(recorded, config, CHUNK)),
            )
            for _ in range(ROUNDS + 1)
        ][1:]
        whole = statistics.median(record / bare for bare, record, _ in rounds)
        chunked = statistics.median(record / bare for bare, _, record in rounds)
        loop = statistics.median(bare for bare, _, _ in rounds) / STEPS * 1e6
        print(
            f"  {title:<14} unbroken {whole:5.2f}   chunks of {CHUNK} {chunked:5.2f}   (loop {loop:.0f} µs)"
        )


if __name__ == "__main__":
    main()
