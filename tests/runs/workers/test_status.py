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
