"""The workers are ok once one has answered, degraded while one fails again and again, and ok after it."""

from optiscope.runs.workers.status import Slot, status_of


def test_nothing_is_known_before_the_first_answer():
    """Neither that they work nor that they do not; one failure proves nothing."""
    slots = [Slot(), Slot()]
    slots[0].failed(RuntimeError("once"))
    assert status_of(slots, 2).state == "starting"
    slots[1].has_answered = True
    assert status_of(slots, 2).state == "ok"


def test_a_slot_that_fails_again_and_again_degrades_them_until_it_works():
    """With the last reason."""
    slots = [Slot(), Slot()]
    for slot in slots:
        slot.has_answered = True
    for number in range(3):
        assert status_of(slots, 2).state == "ok"
        slots[1].failed(RuntimeError(f"failure {number}"))
    status = status_of(slots, 2)
    assert status.state == "degraded"
    assert str(status.reason) == "1 of 2 workers cannot be started or dies again and again: failure 2"
    slots[1].worked()
    assert status_of(slots, 2).reason is None
    assert status_of(slots, 2).state == "ok"


def test_workers_are_counted_by_how_they_are():
    """Each is ready, starting or failing; a process in the place of another one is a restart."""
    ready, starting, failing = slots = [Slot(), Slot(), Slot()]
    ready.has_answered = failing.has_answered = True
    ready.started, starting.started, failing.started = 1, 0, 4
    for _ in range(3):
        failing.failed(RuntimeError("again"))
    status = status_of(slots, 2)
    assert (status.ready, status.starting, status.failing, status.restarts) == (1, 1, 1, 3)
