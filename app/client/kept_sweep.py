"""A sweep that a server keeps."""

from dataclasses import dataclass, field

from optiscope.client.answers import SweepDocument


@dataclass(frozen=True, slots=True)
class KeptSweep:
    """A sweep that a server keeps, as it described it.

    Attributes:
        document: All of it; of a sweep in a list without ``sweep`` and ``summary``.
    """

    id: str
    name: str
    state: str
    done: int
    members: int
    document: SweepDocument = field(repr=False)

    @classmethod
    def of(cls, document: SweepDocument) -> "KeptSweep":
        """The sweep of a document of ``/api/sweeps``."""
        return cls(
            document["id"],
            document["name"],
            document["state"],
            document["done"],
            document["members"],
            document,
        )
