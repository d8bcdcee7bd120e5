"""TensorBoard's files of events as watched runs: what is in them, and what a stranger may have put there."""

import numpy as np
import pytest

from optiscope.engine.core.errors import ConfigError
from optiscope.export.event_file import _framed
from optiscope.export.event_parts import FIXED32, field, key, varint
from optiscope.watching.events import Beginning, event_of
from optiscope.watching.tensorboard import is_event_file, lines_of_events


def scalar(step, tag, value):
    """An event with one number."""
    number = field(1, tag.encode()) + key(2, FIXED32) + np.float32(value).tobytes()
    return b"\x09" + bytes(8) + b"\x10" + varint(step) + field(5, field(1, number))


def event_file(*events):
    """A file of them, with its checksums."""
    return b"".join(_framed([b"\x09" + bytes(8) + field(3, b"brain.Event:2"), *events]))


MOST_BYTES = 2**20


def read(data):
    """Its events as those of a watched run."""
    lines = lines_of_events(data, MOST_BYTES).splitlines()
    return [event_of(line, number) for number, line in enumerate(lines, 1)]


def test_scalars_are_logged_by_tag_and_step():
    """Steps lie as far apart as they do; of two numbers at one step the last counts; the loss is found."""
    data = event_file(
        *(scalar(step, "train/loss", 1 / (step + 1)) for step in (0, 10, 20, 30)),
        scalar(30, "val/accuracy", 0.5),
        scalar(37, "val/accuracy", 0.75),
        scalar(37, "val/accuracy", 0.875),
    )
    assert is_event_file(data[:12])
    beginning, *blocks, ended = read(data)
    assert isinstance(beginning, Beginning)
    assert [list(block.steps) for block in blocks] == [[0, 10, 20, 30], [37]]
    assert blocks[0].loss.tolist() == [float(np.float32(1 / (step + 1))) for step in (0, 10, 20, 30)]
    assert np.isnan(blocks[0].optional["logged"]["val/accuracy"][:3]).all()
    assert blocks[1].optional["logged"]["val/accuracy"].tolist() == [0.875]
    assert ended.step == 37
    assert set(blocks[0].optional["logged"]) == {"val/accuracy"}


def test_a_loss_and_a_rate_are_said_once():
    """By the curves that are theirs, not among other numbers, too; the source has their tags."""
    beginning, block, _ = read(
        event_file(
            *(scalar(step, tag, 0.5) for step in range(3) for tag in ("train_loss", "Loss", "train/lr"))
        )
    )
    assert (block.loss.tolist(), block.lr.tolist()) == ([0.5] * 3, [[0.5]] * 3)
    assert set(block.optional["logged"]) == {"Loss"}
    assert beginning.source["tag_of"] == {"loss": "train_loss", "lr": "train/lr"}
    _, block, _ = read(event_file(scalar(0, "loss", 0.5)))
    assert "logged" not in block.optional


def test_a_file_of_its_own_writer_is_read(tmp_path):
    """Scalars in both of its styles, beside a histogram and a text, which are passed over."""
    pytest.importorskip("tensorboard", reason="tensorboard, whose writer this is, is not installed")
    from torch.utils.tensorboard import SummaryWriter  # noqa: PLC0415 - needs tensorboard

    with SummaryWriter(str(tmp_path)) as writer:
        for step in range(5):
            writer.add_scalar("loss", 2.0**-step, step)
            writer.add_scalar("new", 3.0 * step, step, new_style=True)
        writer.add_histogram("weights", np.arange(100.0), 0)
        writer.add_text("about", "a text", 0)
    (path,) = tmp_path.iterdir()
    _, block, _ = read(path.read_bytes())
    assert block.loss.tolist() == [1.0, 0.5, 0.25, 0.125, 0.0625]
    assert block.optional["logged"]["new"].tolist() == [0.0, 3.0, 6.0, 9.0, 12.0]
    assert set(block.optional["logged"]) == {"new"}


def test_a_file_that_breaks_off_is_read_so_far():
    """As of a program that was killed."""
    data = event_file(scalar(1, "loss", 1.0), scalar(2, "loss", 0.5))
    _, block, _ = read(data[:-3])
    assert block.loss.tolist() == [1.0]


def with_a_wrong_byte(at):
    data = bytearray(event_file(scalar(1, "loss", 1.0), scalar(2, "loss", 0.5)))
    data[at] ^= 1
    return bytes(data)


@pytest.mark.parametrize("at", [3, 9])
def test_a_wrong_byte_at_the_beginning_is_no_such_file(at):
    """Neither in the length of the first record nor in the checksum of that."""
    assert not is_event_file(with_a_wrong_byte(at)[:12])


@pytest.mark.parametrize("at", [20, 42, 50, 60, -2])
def test_a_wrong_byte_is_found(at):
    """By the checksums, wherever it stands."""
    with pytest.raises(ConfigError, match="damaged at byte"):
        lines_of_events(with_a_wrong_byte(at), MOST_BYTES)


@pytest.mark.parametrize(
    ("events", "code"),
    [
        ((), "event_file_empty"),
        ((b"\x28" + b"\xff" * 12 + b"\x01",), "event_file_odd"),
        ((b"\x2a",), "event_file_odd"),
        (tuple(scalar(1, f"tag{k}", 0.0) for k in range(1001)), "event_file_tags"),
        (tuple(scalar(k * k, f"tag{k}", 0.0) for k in range(300)), "event_file_numbers"),
    ],
)
def test_what_is_no_run_is_refused(events, code):
    """With a word for it."""
    with pytest.raises(ConfigError) as refused:
        lines_of_events(event_file(*events), MOST_BYTES)
    assert [problem.said.code for problem in refused.value.problems] == [code]
