"""Thousands of members of a sweep beside plain loops and, where it is installed, JAX.

    python -m benchmarks.sweep

2-2-2-1 on 64 samples of XOR, Adam, full batch, 200 steps, two threads. Plain loops are timed on a sample of
members, and so is said. Kernel, plain loop and JAX take turns, many times, and of each is told the least time
of the clock, and the least of the processor, all threads together. ``OPTISCOPE_JAX_PYTHON`` names a Python
that has JAX, if this one has not.

How near that is to what the machine can do at most is told beside a product of large matrices, by the
processor, where nearly every instruction is a multiplication with an addition of as many numbers as a
register holds, as far as torch's library uses this processor. A kernel does less: a good part of its
operations are exponentials of the loss and comparisons of relu, not every addition finds a multiplication to
be fused with, and its update divides and takes roots. The memory is what the process grew by at most, as
Linux counts it.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple, cast

import torch
import torch.nn.functional as F
from torch import nn

from optiscope.engine.core.parts import whole
from optiscope.engine.sweep.compiled import Kernel, load
from optiscope.engine.sweep.plan import Plan
from optiscope.engine.sweep.request import SweepConfig
from optiscope.engine.sweep.stacked import stacked
from optiscope.engine.sweep.tables import Tables
from optiscope.engine.sweep.together import padded, trained

MEMBERS, STEPS, SAMPLES, ROUNDS, CORES = 2048, 200, 64, 3, 2
TURNS = 20
PLAIN_MEMBERS, PLAIN_STEPS = 8, 100
SIZES = (1, 64, 2048, 65_536, 1_048_576)
BLOCK = 65_536
MATRIX = 1024
RESET = Path("/proc/self/clear_refs")
"""Where Linux is told to count the most memory of this process anew."""


class Taken(NamedTuple):
    """Seconds of the clock, and of the processor, all threads together."""

    clock: float
    processor: float

    @classmethod
    def by(cls, work: Callable[[], object]) -> "Taken":
        """What some work takes in this process."""
        clock, processor = time.perf_counter(), time.process_time()
        work()
        return cls(time.perf_counter() - clock, time.process_time() - processor)

    @classmethod
    def least(cls, tries: list["Taken"]) -> "Taken":
        """The least of each."""
        return cls(min(one.clock for one in tries), min(one.processor for one in tries))


def sweep_of(members: int, activation: str = "relu", dtype: str = "float32") -> SweepConfig:
    """A sweep of so many members, over rates and seeds."""
    seeds = min(8, members)
    run = {
        "problem": {"name": "xor", "samples": SAMPLES},
        "model": {"hidden": [2, 2], "activation": activation},
        "optimizer": {"name": "Adam"},
        "steps": STEPS,
        "dtype": dtype,
    }
    rates = [0.001 * 100 ** (i / max(members // seeds, 1)) for i in range(max(members // seeds, 1))]
    axes = [{"path": "/optimizer/hyperparameters/lr", "values": rates}]
    document = {"run": run, "axes": axes, "seeds": list(range(seeds))}
    return SweepConfig.model_validate_json(json.dumps(document))


def train(plan: Plan, tables: Tables, kernel: Kernel, cores: int) -> None:
    """All members, from the plan to their cells."""
    size = min(BLOCK, -(-plan.members // cores))

    def block(first: int) -> None:
        members = plan.members_at(first, min(first + size, plan.members))
        lanes = tables.lanes(padded(members, kernel.lanes))
        whole(trained(kernel, tables.net, tables.common(), lanes, members, plan.wanted))

    with ThreadPoolExecutor(cores) as pool:
        list(pool.map(block, range(0, plan.members, size)))


def ours(sweep: SweepConfig, folder: Path | None, cores: int = CORES) -> Taken:
    """The least of some tries, kernels compiled."""
    plan = Plan(sweep)
    tables = Tables(plan, plan.groups[0])
    kernel = stacked(tables.net) if folder is None else load(tables.net, folder)
    rounds = 1 if plan.members > BLOCK else ROUNDS
    return Taken.least([Taken.by(lambda: train(plan, tables, kernel, cores)) for _ in range(rounds)])


def plain() -> None:
    """The loop that a user writes, of a sample of members."""
    x, y = torch.randn(SAMPLES, 2), torch.randint(0, 2, (SAMPLES, 1)).float()
    for _ in range(PLAIN_MEMBERS):
        net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        for _ in range(PLAIN_STEPS):
            optimizer.zero_grad()
            F.binary_cross_entropy_with_logits(net(x), y).backward()
            optimizer.step()


@contextmanager
def jax() -> Iterator[Callable[[], Taken] | None]:
    """What has all members trained by JAX, in a process of its own; None where there is none."""
    python = os.environ.get("OPTISCOPE_JAX_PYTHON", sys.executable)
    script = str(Path(__file__).with_name("_jax_sweep.py"))
    sizes = [str(n) for n in (MEMBERS, STEPS, SAMPLES)]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    command = [python, script, *sizes]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=nowhere, text=True, bufsize=1) as process:
        lines, answers = cast("IO[str]", process.stdin), cast("IO[str]", process.stdout)

        def turn() -> Taken:
            lines.write("\n")
            return Taken(*map(float, answers.readline().split()))

        yield turn if answers.readline() else None


def operations() -> float:
    """Additions, multiplications and comparisons of a step of one member: both passes, and the update.

    A sample is taken through 10 weights, whose gradients are as many products and sums; 5 of biases are sums.
    8 lead the error back to the first layer, and about 50 are of the loss, of relu and of its slopes.
    """
    weights, biases = 10, 5
    return SAMPLES * (4 * weights + biases + 8 + 50) + 15 * (weights + biases)


def most_operations() -> float:
    """Additions and multiplications a second of a core in a product of large matrices."""
    one, other = torch.randn(2, MATRIX, MATRIX)
    processor = min(Taken.by(lambda: torch.mm(one, other)).processor for _ in range(TURNS))
    return 2 * MATRIX**3 / processor


def growth(work: Callable[[], Taken]) -> tuple[Taken, str]:
    """What some work takes, and by how many megabytes the process grew meanwhile at most."""
    if not RESET.exists():
        return work(), "-"
    RESET.write_text("5")
    before = _kilobytes("VmRSS")
    taken = work()
    return taken, f"{(_kilobytes('VmHWM') - before) / 1e3:.1f}"


def _kilobytes(name: str) -> int:
    """What Linux says of the memory of this process."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(f"{name}:"))


def print_all(way: str, taken: Taken, steps: int, kernel: Taken | None = None, note: str = "") -> None:
    """A line of microseconds a step of one member, and how much longer that is than the kernel's."""
    runs = MEMBERS * STEPS
    line = f"  {way:7s}{taken.clock / steps * 1e6:9.3f}{taken.processor / steps * 1e6:11.3f}"
    if kernel is not None:
        clock, processor = (taken[i] / steps / (kernel[i] / runs) for i in (0, 1))
        line += f"   {clock:.1f} x the kernel's by the clock, {processor:.1f} x by the processor"
    print(line + note)


def side_by_side(kernel: Callable[[], object]) -> Taken:
    """Print what kernel, plain loop and JAX take in turns; what the kernel does is returned."""
    with jax() as by_jax:
        tries = [
            (Taken.by(kernel), Taken.by(plain), None if by_jax is None else by_jax()) for _ in range(TURNS)
        ]
    ours, loops, jaxs = ([one for one in way if one is not None] for way in zip(*tries, strict=True))
    least = Taken.least(ours)
    print(f"{MEMBERS} members x {STEPS} steps, float32, relu, {CORES} threads, the least of {TURNS} turns")
    print("µs a step of one member: of the clock, of the processor")
    print_all("kernel", least, MEMBERS * STEPS)
    note = f"; one thread, of {PLAIN_MEMBERS} members x {PLAIN_STEPS} steps"
    print_all("plain", Taken.least(loops), PLAIN_MEMBERS * PLAIN_STEPS, least, note)
    if jaxs:
        print_all("JAX", Taken.least(jaxs), MEMBERS * STEPS, least)
    return least


def main() -> None:
    """Print it."""
    torch.set_num_threads(1)
    runs = MEMBERS * STEPS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = Plan(sweep_of(MEMBERS))
        tables = Tables(plan, plan.groups[0])
        kernel = load(tables.net, folder)
        by_kernel = side_by_side(lambda: train(plan, tables, kernel, CORES))
        rate, most = operations() * runs / by_kernel.processor / 1e9, most_operations() / 1e9
        print(
            f"  kernel: about {rate:.1f} thousand million additions and multiplications a second of a core,"
        )
        print(f"  {rate / most:.0%} of the {most:.0f} of a product of {MATRIX} x {MATRIX} matrices")
        print_all("stacked", ours(sweep_of(MEMBERS), None, 1), runs, by_kernel, "; torch, one thread")
        for activation, dtype in (("tanh", "float32"), ("relu", "float64"), ("tanh", "float64")):
            print(f"  {activation}, {dtype}")
            print_all("kernel", ours(sweep_of(MEMBERS, activation, dtype), folder), runs)
        print("members: µs a member of the clock; megabytes of a block's arrays, and of the process at most")
        for size in SIZES:
            sweep = sweep_of(size)
            taken, grown = growth(lambda sweep=sweep: ours(sweep, folder))  # type: ignore[misc]
            arrays = min(size, BLOCK) * (15 * 3 * 4 + 18 * 8) / 1e6
            print(f"  {size:9d}: {taken.clock / size * 1e6:9.1f}   {arrays:8.2f} {grown:>8s}")


if __name__ == "__main__":
    main()
