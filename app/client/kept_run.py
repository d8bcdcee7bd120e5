"""A run that a server keeps."""

from dataclasses import dataclass, field

from optiscope.client.answers import RunDocument


@dataclass(frozen=True, slots=True)
class KeptRun:
    """A run that a server keeps, as it described it; ``document`` holds all of it."""

    id: str
    name: str
    state: str
    version: int
    step: int
    steps: int | None
    document: RunDocument = field(repr=False)

    @classmethod
    def of(cls, document: RunDocument) -> "KeptRun":
        """The run of a document of ``/api/runs``."""
        return cls(
            document["id"],
            document["name"],
            document["state"],
            document["version"],
            document["step"],
            document["steps"],
            document,
        )
