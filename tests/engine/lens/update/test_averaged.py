"""The average beside the parameters, line by line, is torch's own to the last bit."""

import pytest

from optiscope.engine.lens.anatomy import anatomy
from optiscope.engine.loop.training import advance
from tests.engine.recorded import bits, run_config

FREE = [f"pytorch_optimizer.ScheduleFree{name}" for name in ("SGD", "AdamW", "RAdam")]
RUNS = {
    "EMA": {"average": {"name": "EMA", "decay": 0.9}},
    "EMA, double": {"average": {"name": "EMA", "decay": 0.99}, "dtype": "float64"},
    "EMA, late": {"average": {"name": "EMA", "from_step": 2, "every": 2}},
    "SWA": {"average": {"name": "SWA"}},
    "SWA, double": {"average": {"name": "SWA", "from_step": 1}, "dtype": "float64"},
    "SWA of a frozen layer": {"average": {"name": "SWA", "every": 2}, "freeze": [{"params": ["fc2"]}]},
    **{name: {"optimizer": {"name": name, "hyperparameters": {"lr": 0.05}}} for name in FREE},
    "free, replaced": {"optimizer": {"name": FREE[0]}, "loop": {"replaced": ["fc1"]}},
    "free, later": {
        "optimizer": {
            "name": FREE[0],
            "param_groups": [{"params": ["fc2"]}, {"params": ["fc1"], "from_step": 3}],
        }
    },
}


def steps_of(config, count=6):
    """What is told of the averages in each of the first steps, and the record of it."""
    checkpoint = None
    for _ in range(count):
        blocks, after = advance(config, checkpoint, 1)
        yield anatomy(config, checkpoint).averages, blocks[-1][-1:]
        checkpoint = after


@pytest.mark.parametrize("changes", RUNS.values(), ids=RUNS)
def test_the_last_line_of_an_average_is_that_of_the_record(changes):
    """And what torch keeps is what the line comes to."""
    told = 0
    for averages, block in steps_of(run_config(**changes)):
        assert [one.parameter for one in averages] == list(block.params)
        for one in averages:
            assert bits(one.result) == bits(block.optional["average"][one.parameter][0])
            assert (one.why is None) == bool(one.lines)
            for line in one.lines:
                told += 1
                assert line.kept == "average"
                assert not line.ulps.any()
                assert bits(one.values[line.place].value) == bits(one.result)
    assert told


def test_an_average_begins_as_a_copy_and_waits_between_its_steps():
    """Each step says which it is."""
    config = run_config(average={"name": "EMA", "decay": 0.5, "from_step": 1, "every": 2})
    codes = [
        averages[0].why.code if averages[0].why else averages[0].lines[0].what.code
        for averages, _ in steps_of(config)
    ]
    waits = "average_waits"
    assert codes == [waits, waits, "line_average_begins", waits, "line_ema", waits]


def test_a_run_without_an_average_has_none():
    """Nothing is told of what is not there."""
    assert anatomy(run_config(), None).averages == ()
