"""The instructions of a pickle are followed without building anything, and only those of checkpoints are."""

import io
import zipfile

import pytest
import torch

from optiscope.engine.loop.checkpoint_file import CheckpointFileError, write_checkpoint
from optiscope.engine.loop.checkpoint_file.instructions import (
    DEEPEST,
    MOST_INSTRUCTIONS,
    check_instructions,
)
from optiscope.engine.loop.training import advance
from tests.engine import recipes
from tests.engine.recorded import run_config


def parts(data):
    """The pickle of a file, and the sizes of its storages."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sizes = {e.filename.removeprefix("archive/data/"): e.file_size for e in archive.infolist()}
        return archive.read("archive/data.pkl"), sizes


def saved(tree):
    buffer = io.BytesIO()
    torch.save(tree, buffer)
    return parts(buffer.getvalue())


def nested(depth):
    tree = []
    for _ in range(depth - 1):
        tree = [tree]
    return tree


TENSOR = torch.ones(4)

GOOD = {
    "plain values": saved({"a": [1, -1, 0.5, None, True, "text", (1, 2.0)], 0.9: {}, 3: 2**40}),
    "tensors": saved([torch.ones(2, 2), torch.ones(3, 2).T.clone(), torch.zeros(0), torch.tensor(1)]),
    "a dtype": saved(torch.float64),
    "a string again and again": saved(["same"] * 100),
    "as deep as may be": saved(nested(DEEPEST)),
}

BAD = {
    "another name": (b"\x80\x02cos\ngetcwd\n.", "os getcwd"),
    "a dict with a state": (b"\x80\x02}}b.", "BUILD"),
    "a call of what is none": (b"\x80\x02N)R.", "REDUCE"),
    "a list in itself": (b"\x80\x02]q\x00h\x00a.", "BINGET"),
    "an end without a beginning": (b"\x80\x02l.", "LIST"),
    "entries without a mark": (b"\x80\x02]e.", "pop from empty list"),
    "a key that is a list": (b"\x80\x02}]Ns.", "SETITEMS"),
    "a long number": (b"\x80\x02\x8a\x09" + bytes(8) + b"\x7f.", "LONG1"),
    "many instructions": (b"\x80\x02" + b"N" * MOST_INSTRUCTIONS + b".", str(MOST_INSTRUCTIONS)),
    "no end": (b"\x80\x02N", "pickle"),
}


@pytest.mark.parametrize("tree", GOOD.values(), ids=GOOD)
def test_trees_of_plain_values_and_tensors_may_be_loaded(tree):
    """Whatever a state dict may hold."""
    check_instructions(*tree)


def test_a_whole_checkpoint_may_be_loaded():
    """Of two optimizers, with milestones in a Counter and minibatches."""
    config = run_config(
        problem={"name": "xor"},
        batch_size=8,
        optimizer=recipes.optimizer_config("Muon"),
        lr_scheduler=recipes.lr_scheduler_config("MultiStepLR"),
    )
    check_instructions(*parts(write_checkpoint(config, advance(config, None, 2)[1])))


@pytest.mark.parametrize(("pickled", "what"), BAD.values(), ids=BAD)
def test_other_instructions_are_refused(pickled, what):
    """With what they are."""
    with pytest.raises(CheckpointFileError, match=what):
        check_instructions(pickled, {})


def test_numbers_must_be_in_the_archive():
    """All of a storage, for one tensor, and for no more numbers than it has."""
    pickled, sizes = saved({"a": TENSOR})
    check_instructions(pickled, sizes)
    for wrong in ({}, {"0": 15}, {"0": 2**40}):
        with pytest.raises(CheckpointFileError, match="the numbers of storage 0 are not in the archive"):
            check_instructions(pickled, wrong)
    with pytest.raises(CheckpointFileError, match="the numbers of storage 0"):
        check_instructions(*saved([TENSOR, TENSOR[:2]]))
    with pytest.raises(CheckpointFileError, match="more numbers than its storage"):
        check_instructions(*saved(torch.ones(1).expand(3, 2)))
    with pytest.raises(CheckpointFileError, match="_rebuild_tensor_v2"):
        check_instructions(*saved(torch.ones(2, requires_grad=True)))
    with pytest.raises(CheckpointFileError, match="nested more than 64 deep"):
        check_instructions(*saved(nested(DEEPEST + 1)))
