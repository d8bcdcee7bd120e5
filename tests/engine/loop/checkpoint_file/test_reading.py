"""A checkpoint file is read by plain torch, goes on exactly, and nothing else than one is accepted."""

import errno
import io
import os
import pickle
import random
import struct
import zipfile
import zlib

import pytest
import torch

from optiscope.engine.core.limits import DEFAULT_LIMITS
from optiscope.engine.loop.checkpoint_file import (
    CheckpointFileError,
    read_checkpoint,
    reading,
    write_checkpoint,
)
from optiscope.engine.loop.training import advance
from optiscope.engine.recipe.models import TinyNet
from tests.engine import recipes
from tests.engine.recorded import run_config
from tests.runs.records import assert_same_records

STEP = 5
MUTANTS = 2000
ADAM = run_config(lr_scheduler={"name": "StepLR", "hyperparameters": {"step_size": 3}}, batch_size=1)
CHECKPOINT = advance(ADAM, None, STEP)[1]
GOOD = write_checkpoint(ADAM, CHECKPOINT)


def loaded(data=GOOD):
    return torch.load(io.BytesIO(data), weights_only=True)


def saved(tree):
    buffer = io.BytesIO()
    torch.save(tree, buffer)
    return buffer.getvalue()


def test_plain_torch_reads_it():
    """Model, optimizer and scheduler take what it holds by load_state_dict."""
    found = loaded()
    net = TinyNet()
    net.load_state_dict(found["model"])
    optimizer = torch.optim.Adam(net.parameters())
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, 3)
    optimizer.load_state_dict(found["optimizer"])
    schedule.load_state_dict(found["lr_scheduler"])
    assert optimizer.param_groups[0]["lr"] == pytest.approx(0.002)
    assert (schedule.last_epoch, found["step"], found["config"]["steps"]) == (STEP, STEP, 30)


@pytest.mark.parametrize("scheduler", [None, *recipes.LR_SCHEDULERS])
@pytest.mark.parametrize("optimizer", ["SGD, momentum", "Adam, amsgrad", "LBFGS", "Muon"])
def test_a_file_goes_on_exactly(optimizer, scheduler):
    """Written, read and gone on from is the same as never left."""
    schedule = scheduler and recipes.lr_scheduler_config(scheduler)
    config = run_config(optimizer=recipes.optimizer_config(optimizer), lr_scheduler=schedule, batch_size=1)
    if optimizer == "LBFGS" and scheduler in {"CyclicLR", "OneCycleLR"}:
        return  # torch itself refuses the pair: there is no momentum to cycle
    checkpoint = advance(config, None, STEP)[1]
    if checkpoint.ended is not None:
        return  # diverged: there is nothing to go on from
    again, read, [block] = read_checkpoint(write_checkpoint(config, checkpoint))
    assert (again, block.first) == (config, STEP)
    assert_same_records(advance(again, read, 2)[0], advance(config, checkpoint, 2)[0])


class Malicious:
    def __reduce__(self):
        return exec, ("raise SystemExit('it ran')",)


def changed(**changes):
    return saved(loaded() | changes)


def deep(part, path, value):
    """The tree of the file with the value at a path exchanged."""
    found = loaded()
    place = found[part]
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    return saved(found)


def bomb():
    part = [0.0] * 100
    for _ in range(60):
        part = [part] * 100
    return part


def compressed():
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry))
    return buffer.getvalue()


def with_entries(count):
    buffer = io.BytesIO(GOOD)
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(count):
            archive.writestr(f"archive/extra/{number}", b"")
    return buffer.getvalue()


def zeros_of_nothing(shape):
    return torch.zeros(1).expand(shape)


FOREIGN = {
    "nothing": b"",
    "a text": b"hello",
    "an empty archive": b"PK\x05\x06" + bytes(18),
    "a bare pickle": pickle.dumps({"model": 1}),
    "a pickle that runs code": pickle.dumps(Malicious()),
    "half of one": GOOD[: len(GOOD) // 2],
    "all but a byte": GOOD[:-1],
    "compressed": compressed(),
    "too many entries": with_entries(5000),
    "too large": GOOD + bytes(DEFAULT_LIMITS.max_upload_bytes),
    "another tree": saved({"model": {}}),
    "a list": saved([1, 2]),
    "a tensor": saved(torch.zeros(3)),
    "a network's weights": saved(TinyNet().state_dict()),
    "another format": changed(format=2),
    "a step beyond the run": changed(step=31),
    "a negative step": changed(step=-1),
    "a step that is true": changed(step=True),
    "a step as text": changed(step="5"),
    "a config that cannot be run": deep("config", ["optimizer", "hyperparameters", "lr"], -1.0),
    "a config of NaN": deep("config", ["optimizer", "hyperparameters", "lr"], float("nan")),
    "a config with a huge number": deep("config", ["steps"], 10**40),
    "a config with a tensor": deep("config", ["steps"], torch.zeros(3)),
    "a config for another optimizer": deep("config", ["optimizer"], {"name": "SGD"}),
    "a config that is a bomb": changed(config=bomb()),
    "no model": changed(model=None),
    "a model of another shape": deep("model", ["fc1.weight"], torch.zeros(3, 3)),
    "a model of another dtype": deep("model", ["fc1.weight"], torch.zeros(2, 2, dtype=torch.float64)),
    "a model without a bias": changed(model={k: v for k, v in loaded()["model"].items() if k != "fc1.bias"}),
    "a model of NaN": deep("model", ["fc1.weight"], torch.full((2, 2), float("nan"))),
    "a model of one number": deep("model", ["fc1.weight"], zeros_of_nothing((2, 2))),
    "a model of a billion": deep("model", ["fc1.weight"], zeros_of_nothing((1_000_000, 1_000_000))),
    "a sparse model": deep("model", ["fc1.weight"], torch.zeros(2, 2).to_sparse()),
    "a model on no device": deep("model", ["fc1.weight"], torch.zeros(2, 2, device="meta")),
    "a model transposed": deep("model", ["fc1.weight"], torch.rand(2, 2).T),
    "a rate of NaN": deep("optimizer", ["param_groups", 0, "lr"], float("nan")),
    "a rate as text": deep("optimizer", ["param_groups", 0, "lr"], "x"),
    "a rate as a tensor": deep("optimizer", ["param_groups", 0, "lr"], torch.tensor(0.1)),
    "another eps": deep("optimizer", ["param_groups", 0, "eps"], 1.0),
    "foreach": deep("optimizer", ["param_groups", 0, "foreach"], True),
    "other parameters": deep("optimizer", ["param_groups", 0, "params"], [0, 0, 0, 0, 0, 0]),
    "moments of another shape": deep("optimizer", ["state", 0, "exp_avg"], torch.zeros(4)),
    "moments of infinity": deep("optimizer", ["state", 0, "exp_avg"], torch.full((2, 2), float("inf"))),
    "moments of one number": deep("optimizer", ["state", 0, "exp_avg"], zeros_of_nothing((2, 2))),
    "a step of the optimizer as text": deep("optimizer", ["state", 0, "step"], "5"),
    "state for a seventh parameter": deep("optimizer", ["state", 6], {}),
    "a schedule of another size": deep("lr_scheduler", ["step_size"], 1),
    "a schedule from elsewhere": deep("lr_scheduler", ["last_epoch"], 10**9),
    "a schedule of text": deep("lr_scheduler", ["_last_lr"], ["x"]),
    "no schedule": changed(lr_scheduler=None),
    "a rest without an optimizer": changed(rest={"optimizer": loaded()["optimizer"], "lr_scheduler": None}),
    "gradients of another shape": changed(grads={"fc1.weight": torch.zeros(1)}),
    "a generator of another size": deep("batches", ["generator"], torch.zeros(3, dtype=torch.uint8)),
    "a generator of zeros": deep("batches", ["generator"], torch.zeros(5056, dtype=torch.uint8)),
    "a position before the first": deep("batches", ["position"], -1),
}


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN)
def test_nothing_else_is_accepted(data):
    """Whatever is not a whole checkpoint of ours is refused with a sentence."""
    with pytest.raises(CheckpointFileError) as caught:
        read_checkpoint(data)
    assert 10 < len(str(caught.value)) < 500


def with_pickle(text):
    """The archive with other instructions in it, and the right checksums."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(buffer, "w") as new:
        for entry in old.infolist():
            new.writestr(entry.filename, text if entry.filename.endswith("data.pkl") else old.read(entry))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "text",
    [
        pickle.dumps(Malicious(), 2),
        b"cos\nsystem\n(S'true'\ntR.",
        b"\x80\x02" + b"(" * 100_000 + b"l.",
        b"\x80\x02]q\x00" + b"h\x00a" * 1000 + b".",
        b"\x80\x02\x8a\xff" + bytes(255) + b".",
        b"\x80\x02",
        b"",
    ],
    ids=["exec", "system", "marks", "a list in itself", "a long number", "no end", "nothing"],
)
def test_instructions_that_are_no_weights_are_not_followed(text):
    """A pickle that calls anything, or leads nowhere, is refused."""
    with pytest.raises(CheckpointFileError):
        read_checkpoint(with_pickle(text))


def mutant(data, rng):
    """The file with some bytes changed, cut out or put in; sometimes with its checksums mended."""
    data = bytearray(data)
    for _ in range(rng.choice([1, 1, 1, 2, 8])):
        place = rng.randrange(len(data))
        match rng.randrange(5):
            case 0:
                data[place] ^= 1 << rng.randrange(8)
            case 1:
                data[place] = rng.randrange(256)
            case 2:
                del data[place : place + rng.choice([1, 8, 64, 4096])]
            case 3:
                data[place:place] = rng.randbytes(rng.choice([1, 8, 64]))
            case 4:
                data[place : place + 8] = struct.pack("<d", rng.choice([float("nan"), 1e308, -1.0, 0.0]))
        data = data or bytearray(b"x")
    return mended(bytes(data)) if rng.random() < 0.5 else bytes(data)


def mended(data):
    """The archive with the checksums that its entries should have, if it is still one."""
    data = bytearray(data)
    try:
        entries = zipfile.ZipFile(io.BytesIO(bytes(data))).infolist()
        for entry in entries:
            names = struct.unpack_from("<HH", data, entry.header_offset + 26)
            begin = entry.header_offset + 30 + sum(names)
            right = struct.pack("<I", zlib.crc32(data[begin : begin + entry.file_size]))
            old = struct.pack("<I", entry.CRC)
            data[:] = data.replace(old, right)
    except (zipfile.BadZipFile, struct.error, ValueError, NotImplementedError):
        return bytes(data)
    return bytes(data)


def test_mutants_are_refused_or_load_exactly():
    """2,000 damaged copies: each is refused in words, or holds a whole state of such a run."""
    rng = random.Random(0)  # noqa: S311 - the same mutants every time
    survivors = 0
    for _ in range(MUTANTS):
        data = mutant(GOOD, rng)
        try:
            config, checkpoint, _ = read_checkpoint(data)
        except CheckpointFileError:
            continue
        survivors += 1
        again = write_checkpoint(config, checkpoint)
        assert read_checkpoint(again)[1].step == checkpoint.step
        assert all(value.isfinite().all() for value in checkpoint.model.values())
    assert survivors < MUTANTS / 2


@pytest.mark.parametrize("bit", range(0, 8 * len(GOOD), 997))
def test_a_flipped_bit_is_found_or_changes_nothing(bit):
    """Unlike torch.load, which does not look at checksums."""
    data = bytearray(GOOD)
    data[bit // 8] ^= 1 << bit % 8
    try:
        config, checkpoint, _ = read_checkpoint(bytes(data))
    except CheckpointFileError:
        return
    assert config == ADAM
    assert_same_records(advance(config, checkpoint, 5)[0], advance(ADAM, CHECKPOINT, 5)[0])


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOMEM, os.strerror(errno.ENOMEM), "a module that is loaded late"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory"),
        ImportError("libx.so: failed to map segment from shared object"),
        MemoryError(),
    ],
)
def test_want_of_memory_is_not_the_files_fault(error, monkeypatch):
    """However it is told, it is raised as such."""

    def without_memory(*_):
        raise error

    monkeypatch.setattr(reading, "loaded", without_memory)
    with pytest.raises(MemoryError):
        read_checkpoint(GOOD)
