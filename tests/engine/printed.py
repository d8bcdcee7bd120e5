"""What generated scripts print, beside what the run that they are of records."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from optiscope.engine.advice.codegen import script
from optiscope.engine.core.config import RunConfig
from optiscope.engine.loop.block import Block


def outcomes_of(configs: Mapping[str, RunConfig]) -> dict[str, dict[str, str]]:
    """What the script of every config does, all run in one process that knows nothing of Optiscope."""
    finished = subprocess.run(
        [sys.executable, Path(__file__).parent / "run_scripts.py"],
        input=json.dumps([script(config) for config in configs.values()]),
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(zip(configs, json.loads(finished.stdout), strict=True))


def printed_of(blocks: Sequence[Block]) -> list[str]:
    """What the script of a run prints: the loss of each step, and of its average if there is one."""
    kinds = [[block.loss, block.optional.get("average_loss")] for block in blocks]
    columns = [np.stack([column for column in kind if column is not None], axis=1) for kind in kinds]
    return [" ".join(map(repr, row)) for column in columns for row in column.tolist()][1:]
