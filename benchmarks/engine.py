"""A recorded run beside the bare ten-line loop, in one process, alternating; the loop is 1.0.

One that averages its weights is recorded beside a loop that calls ``update_parameters()``, and beside one
that also evaluates the average in each step, as the record does. Last, runs without all that was added since
the commit of today's figures beside the same runs there, in two processes that take turns, and new ones in
each round: where memory happens to lie makes two processes of the same code differ by 2 % all their life.
"""

import json
import os
import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO, cast

import torch
import torch.nn.functional as F
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from benchmarks._versions import BASELINE, OWN, ROOT, baseline
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.block import Block
from optiscope.engine.loop.checkpoint import Checkpoint
from optiscope.engine.loop.training import advance

STEPS = 1000
CHUNK = 250
ROUNDS = 31
TAKES = 3
OPTIMIZERS: dict[str, tuple[str, type[torch.optim.Optimizer], dict[str, float]]] = {
    "SGD": ("SGD", torch.optim.SGD, {"lr": 0.01}),
    "SGD, momentum": ("SGD", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9}),
    "Adam": ("Adam", torch.optim.Adam, {"lr": 0.01}),
}

DECAY = 0.99

WORKER = """
import json, pickle, sys, time
import torch
from {config} import RunConfig
from {training} import advance
torch.set_num_threads(1)
for line in sys.stdin:
    given, chunk = json.loads(line)
    config, checkpoint = RunConfig.model_validate(given), None
    begun = time.process_time()
    while checkpoint is None or checkpoint.ended is None:
        _, checkpoint = pickle.loads(pickle.dumps(advance(config, checkpoint, chunk)))
    print(time.process_time() - begun, flush=True)
"""
"""Takes runs and says the processor time of each; what it imports has other names in the baseline."""


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


def averaging_loop(cls: type[torch.optim.Optimizer], arguments: dict[str, float], *, evaluates: bool) -> None:
    """The same with an EMA of the weights, of which the loss is looked at in each step, or not."""
    net = TinyNet()
    averaged = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(DECAY))
    optimizer = cls(net.parameters(), **arguments)
    x, y = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0]])
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = F.mse_loss(net(x), y)
        loss.backward()
        optimizer.step()
        averaged.update_parameters(net)
        if evaluates:
            with torch.no_grad():
                F.mse_loss(averaged(x), y).item()


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


def plain(name: str, arguments: dict[str, float]) -> dict[str, object]:
    """The run that is recorded."""
    return {
        "problem": {"name": "seed-example"},
        "optimizer": {"name": name, "hyperparameters": arguments},
        "steps": STEPS,
    }


@contextmanager
def worker(tree: Path, config: str, training: str) -> Iterator[Callable[[dict[str, object], int], float]]:
    """A process that takes runs by the code of a folder, and says the processor time of each."""
    with subprocess.Popen(
        [sys.executable, "-P", "-c", WORKER.format(config=config, training=training)],
        env=os.environ | OWN | {"PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        talk, answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

        def taken(run: dict[str, object], chunk: int) -> float:
            print(json.dumps([run, chunk]), file=talk, flush=True)
            return float(answers.readline())

        yield taken
        talk.close()


def told(ratios: Sequence[float]) -> str:
    """The median of some ratios, and between which of them it lies with 95 %."""
    ordered, count = sorted(ratios), len(ratios)
    reach = round(0.98 * count**0.5)
    low, high = ordered[max(count // 2 - reach, 0)], ordered[min(count // 2 + reach, count - 1)]
    return f"{statistics.median(ordered):.3f} ({low:.3f} to {high:.3f})"


def compared(config: RunConfig, *loops: Callable[[], None]) -> tuple[list[list[float]], float]:
    """For each loop, the ratios of the run in one piece and in chunks to it; and how long the first takes."""
    kinds = [*loops, partial(recorded, config, STEPS), partial(recorded, config, CHUNK)]
    rounds = [[seconds(kind) for kind in kinds] for _ in range(ROUNDS + 1)][1:]
    ratios = [
        [times[len(loops) + kind] / times[loop] for times in rounds]
        for loop in range(len(loops))
        for kind in range(2)
    ]
    return ratios, statistics.median(times[0] for times in rounds) / STEPS * 1e6


def beside_the_baseline() -> None:
    """Print the ratios of the same runs here and there."""
    print(f"engine: the same recorded steps / those of {BASELINE}; median of {ROUNDS} rounds (95 %)")
    with baseline() as tree:
        rounds = [one_round(tree, here_first=bool(number % 2)) for number in range(ROUNDS)]
    for title in OPTIMIZERS:
        whole, chunked = (told([ratios[title, chunk] for ratios in rounds]) for chunk in (STEPS, CHUNK))
        print(f"  {title:<14} unbroken {whole}   chunks of {CHUNK} {chunked}")


def one_round(tree: Path, *, here_first: bool) -> dict[tuple[str, int], float]:
    """What each run takes here / in the baseline, in two new processes: the median of some, after warm-up."""
    with (
        worker(ROOT, "optiscope.engine.core.config", "optiscope.engine.loop.training") as here,
        worker(tree, "app.engine.config", "app.engine.training") as there,
    ):
        in_turn = (here, there) if here_first else (there, here)
        ratios = {}
        for title, (name, _, arguments) in OPTIMIZERS.items():
            for chunk in (STEPS, CHUNK):
                takes = [
                    {call: call(plain(name, arguments), chunk) for call in in_turn} for _ in range(TAKES + 1)
                ]
                ratios[title, chunk] = statistics.median(taken[here] / taken[there] for taken in takes[1:])
        return ratios


def main() -> None:
    """Print, for each optimizer, the ratios of rounds in which run and loop came one after the other."""
    torch.set_num_threads(1)
    print(f"engine: {STEPS} recorded steps of TinyNet / the bare loop; median of {ROUNDS} rounds (95 %)")
    for title, (name, cls, arguments) in OPTIMIZERS.items():
        config = RunConfig.model_validate(plain(name, arguments))
        (whole, chunked), loop = compared(config, partial(bare_loop, cls, arguments))
        print(
            f"  {title:<14} unbroken {told(whole)}   chunks of {CHUNK} {told(chunked)}   (loop {loop:.0f} µs)"
        )
    for title, (name, cls, arguments) in OPTIMIZERS.items():
        config = RunConfig.model_validate(
            plain(name, arguments) | {"average": {"name": "EMA", "decay": DECAY}}
        )
        loops = [partial(averaging_loop, cls, arguments, evaluates=evaluates) for evaluates in (False, True)]
        (own, _, evaluated, _), loop = compared(config, *loops)
        print(
            f"  {title + ', EMA':<19} / the loop with an EMA {told(own)}   "
            f"/ one that evaluates it, too {told(evaluated)}   (loop {loop:.0f} µs)"
        )
    beside_the_baseline()


if __name__ == "__main__":
    main()
