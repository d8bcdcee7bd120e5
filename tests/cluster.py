"""A Dask cluster on this machine: as a module, and as the process that is its scheduler and its nannies."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RunningCluster:
    """A cluster that runs.

    Attributes:
        address: Of the scheduler.
        pid: Of its process, in which are the nannies, too.
        workers: Of each worker.
    """

    address: str
    pid: int
    workers: list[int]


@contextmanager
def running_cluster(workers: int, **environment: str) -> Iterator[RunningCluster]:
    """A scheduler with so many workers of one thread each, which is killed at the end."""
    process = subprocess.Popen(
        [sys.executable, Path(__file__), str(workers)],
        env=os.environ | {"OMP_NUM_THREADS": "1"} | environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            assert process.stdout is not None
            yield RunningCluster(pid=process.pid, **json.loads(process.stdout.readline()))
        finally:
            process.kill()


def main() -> None:
    """Tell the address and the workers, and live until the input ends."""
    from distributed import LocalCluster  # noqa: PLC0415 - only this process is the cluster

    sys.modules["optiscope"] = None  # type: ignore[assignment]  # a scheduler need not have it
    workers = int(sys.argv[1])
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, host="127.0.0.1", dashboard_address=None, silence_logs=60
    ) as cluster:
        pids = [nanny.pid for nanny in cluster.workers.values()]
        print(json.dumps({"address": cluster.scheduler_address, "workers": pids}), flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main()
