"""How long members of a sweep take, said before they are trained and corrected by those that were."""

from collections import OrderedDict
from collections.abc import Hashable

from optiscope.engine.sweep.job import Outlook
from optiscope.engine.sweep.plan import Group
from optiscope.engine.sweep.ways import Way, is_wide

_OF_A_MULTIPLICATION = {Way.COMPILED: 7.5e-10, Way.STACKED: 3e-8, Way.ONE_BY_ONE: 1e-9}
_OF_A_STEP = {Way.COMPILED: 2e-8, Way.STACKED: 1e-6, Way.ONE_BY_ONE: 4e-4}
"""Seconds of one core until something was measured: what a quiet desktop of 2024 takes in float32."""

_OF_A_WIDE_MULTIPLICATION = 3e-10
"""The same of a multiplication where layers are wide, in a product of matrices."""

_OF_A_CHOICE = 1e-5
"""The same of a step of a param group, where points have hyperparameters of their own."""

_BELIEVED = 0.1
"""Seconds of work that the first guesses weigh as much as."""

_KEPT = 0.9
"""What is left of the weight of all before at each further measurement."""

_KINDS = 256


class Speeds:
    """What training takes here, by the way of the members and what they are made of."""

    def __init__(self) -> None:
        self._known: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()

    def seconds(self, group: Group, outlook: Outlook, members: int) -> float:
        """What so many members of a group take of one core.

        Args:
            group: Theirs.
            outlook: What is known of it.
            members: How many.
        """
        measured, guessed = self._of(group, way_of(group, outlook))
        return members * _guessed(group, outlook) * measured / guessed

    def note(self, group: Group, outlook: Outlook, members: int, seconds: float) -> None:
        """Learn from members that took so many seconds of a core."""
        way, guess = way_of(group, outlook), members * _guessed(group, outlook)
        measured, guessed = self._of(group, way)
        key = _kind(group, way)
        self._known[key] = (_KEPT * measured + seconds, _KEPT * guessed + guess)
        self._known.move_to_end(key)
        if len(self._known) > _KINDS:
            self._known.popitem(last=False)

    def _of(self, group: Group, way: Way) -> tuple[float, float]:
        """Seconds that members of a kind took, and those that were guessed for them."""
        return self._known.get(_kind(group, way), (_BELIEVED, _BELIEVED))


def way_of(group: Group, outlook: Outlook) -> Way:
    """How the members of a group are trained."""
    return Way.COMPILED if outlook.is_compiled else group.way


def _guessed(group: Group, outlook: Outlook) -> float:
    """What a member takes by the first guesses."""
    way = way_of(group, outlook)
    passes = outlook.evaluations if way is Way.ONE_BY_ONE else 1
    of_a_step = passes * _OF_A_STEP[way] + _OF_A_CHOICE * group.choices / group.count
    is_product = way is Way.STACKED and is_wide(group.config)
    of_a_multiplication = _OF_A_WIDE_MULTIPLICATION if is_product else _OF_A_MULTIPLICATION[way]
    return outlook.work * of_a_multiplication + group.config.steps * of_a_step


def _kind(group: Group, way: Way) -> Hashable:
    config = group.config
    made_of = (config.problem.name, config.model.activation, config.optimizer.name, config.dtype)
    return (way, *made_of, is_wide(config), group.choices > 1)
