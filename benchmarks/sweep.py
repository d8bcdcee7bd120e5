"""Thousands of members of a sweep beside plain loops and, where it is installed, JAX.

    python -m benchmarks.sweep

2-2-2-1 on 64 samples of XOR, Adam, full batch, 200 steps, two threads. Plain loops are timed on a sample of
members, and so is said. Times are of the processor, on a machine that may be busy: each of its threads is
counted by itself, and what counts is how long the busiest works. Kernel, plain loop and JAX take turns, and
the median of each is told. ``OPTISCOPE_JAX_PYTHON`` names a Python that has JAX, if this one has not.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

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
PLAIN_MEMBERS, PLAIN_STEPS = 8, 100
SIZES = (1, 64, 2048, 65_536, 1_048_576)
BLOCK = 65_536


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


def seconds(plan: Plan, tables: Tables, kernel: Kernel, cores: int) -> float:
    """How long all members take, from the plan to their cells."""
    size = min(BLOCK, -(-plan.members // cores))

    def block(first: int) -> float:
        begun = time.thread_time()
        members = plan.members_at(first, min(first + size, plan.members))
        lanes = tables.lanes(padded(members, kernel.lanes))
        whole(trained(kernel, tables.net, tables.common(), lanes, members, plan.wanted))
        return time.thread_time() - begun

    with ThreadPoolExecutor(cores) as pool:
        taken = list(pool.map(block, range(0, plan.members, size)))
    return max(sum(taken) / cores, *taken)


def ours(sweep: SweepConfig, folder: Path | None, cores: int = CORES) -> float:
    """The median, kernels compiled."""
    plan = Plan(sweep)
    tables = Tables(plan, plan.groups[0])
    kernel = stacked(tables.net) if folder is None else load(tables.net, folder)
    rounds = 1 if plan.members > BLOCK else ROUNDS
    return statistics.median(seconds(plan, tables, kernel, cores) for _ in range(rounds))


def plain() -> float:
    """Seconds of a step of the loop that a user writes, of a sample."""
    x, y = torch.randn(SAMPLES, 2), torch.randint(0, 2, (SAMPLES, 1)).float()
    begun = time.process_time()
    for _ in range(PLAIN_MEMBERS):
        net = nn.Sequential(nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 2), nn.ReLU(), nn.Linear(2, 1))
        optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
        for _ in range(PLAIN_STEPS):
            optimizer.zero_grad()
            F.binary_cross_entropy_with_logits(net(x), y).backward()
            optimizer.step()
    return (time.process_time() - begun) / (PLAIN_MEMBERS * PLAIN_STEPS)


def jax() -> float | None:
    """Seconds of all members by JAX, of its busiest thread; None where there is none."""
    python = os.environ.get("OPTISCOPE_JAX_PYTHON", sys.executable)
    script = str(Path(__file__).with_name("_jax_sweep.py"))
    sizes = [str(n) for n in (MEMBERS, STEPS, SAMPLES)]
    done = subprocess.run([python, script, *sizes], check=False, capture_output=True, text=True)
    return float(done.stdout) if done.returncode == 0 else None


def operations(parameters: int) -> float:
    """Additions and multiplications of a step of one member: forward and backward, and the update."""
    return SAMPLES * (6 * parameters + 50) + 15 * parameters


def main() -> None:
    """Print it."""
    torch.set_num_threads(1)
    runs = MEMBERS * STEPS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        turns = [(ours(sweep_of(MEMBERS), folder), plain(), jax()) for _ in range(ROUNDS)]
        by_kernel = statistics.median(kernel for kernel, _, _ in turns)
        loop = statistics.median(plain for _, plain, _ in turns)
        all_jax = [jax for _, _, jax in turns if jax is not None]
        by_jax = statistics.median(all_jax) if all_jax else None
        print(
            f"{MEMBERS} members x {STEPS} steps, float32, relu, {CORES} threads, in µs a step of one member"
        )
        print(f"  kernel {by_kernel / runs * 1e6:8.3f}")
        print(
            f"  plain  {loop * 1e6:8.1f}   one core, timed on {PLAIN_MEMBERS} members x {PLAIN_STEPS} steps"
        )
        print(f"         {loop * runs / by_kernel:8.0f} x the plain loop")
        if by_jax is not None:
            print(f"  JAX    {by_jax / runs * 1e6:8.3f}   {by_jax / by_kernel:.1f} x as long")
        of_all = ours(sweep_of(MEMBERS), None, 1)
        print(f"  torch, stacked {of_all / runs * 1e6:.3f}   one thread")
        rate = operations(15) * runs / by_kernel / 1e9
        print(f"  about {rate:.1f} thousand million additions and multiplications a second")
        for activation, dtype in (("tanh", "float32"), ("relu", "float64"), ("tanh", "float64")):
            taken = ours(sweep_of(MEMBERS, activation, dtype), folder)
            print(f"  {activation}, {dtype}: {taken / runs * 1e6:.3f}")
        print("members: µs a member, megabytes of the arrays of a block")
        for size in SIZES:
            taken = ours(sweep_of(size), folder)
            memory = min(size, BLOCK) * (15 * 3 * 4 + 18 * 8) / 1e6
            print(f"  {size:9d}: {taken / size * 1e6:9.1f}   {memory:.2f}")


if __name__ == "__main__":
    main()
