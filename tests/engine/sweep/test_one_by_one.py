"""A member that is trained alone leaves its worker to others after each step, however long one takes."""

from optiscope.engine.core.config import RunConfig
from optiscope.engine.core.parts import whole
from optiscope.engine.sweep import one_by_one
from optiscope.engine.sweep.cells import Wanted
from optiscope.engine.sweep.one_by_one import cell_of

RUN = RunConfig.model_validate({"problem": {"name": "xor"}, "optimizer": {"name": "Adam"}, "steps": 20})
WANTED = Wanted(0.5, test_loss=True, end=False)


def test_a_part_is_one_step_where_steps_are_slow(monkeypatch):
    """The cell has the bits that it has in one part."""
    unbroken = whole(cell_of(0, RUN, WANTED))
    monkeypatch.setattr(one_by_one, "_SECONDS", 0.0)
    parts, count = cell_of(0, RUN, WANTED), 0
    while True:
        try:
            next(parts)
        except StopIteration as done:
            cell = done.value
            break
        count += 1
    assert count == RUN.steps - 1
    columns = unbroken.columns()
    assert {name: column.tobytes() for name, column in cell.columns().items()} == {
        name: column.tobytes() for name, column in columns.items()
    }
