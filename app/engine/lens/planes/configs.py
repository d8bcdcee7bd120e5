"""What each kind of plane is asked for with."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from optiscope.engine.core.config import Config, Finite, JSONList, Seed
from optiscope.engine.core.findings import refusal
from optiscope.engine.core.words import say

_MOST_NUMBERS = 2**17
"""Of one direction in a request: more than the largest network has parameters."""

Vector = Annotated[tuple[Finite, ...], JSONList, Field(min_length=2, max_length=_MOST_NUMBERS)]
Basis = Annotated[tuple[Vector, Vector], JSONList]


class RecordConfig(Config):
    """A record of one of the runs: a place in parameter space."""

    run: Annotated[int, Field(ge=0)] = Field(0, description="The index of the run.")
    step: int = Field(
        -1,
        ge=-1,
        description="-1 is the last record; of a run that diverges, the last before it leaves the surface.",
    )


def _both(axes: tuple[int, int]) -> tuple[int, int]:
    if {abs(axis) for axis in axes} != {1, 2}:
        raise refusal(say("axes_each_once", value=str(list(axes))))
    return axes


class TurnedConfig(Config):
    """A plane whose axes have no sign of their own, as eigenvectors and singular vectors have none."""

    axes: Annotated[tuple[int, int], JSONList, AfterValidator(_both)] = Field(
        (1, 2),
        description="Which axis is drawn along x and which along y; with a minus, the other way round than "
        "towards where the paths, together, go.",
    )
    like: Basis | None = Field(
        None,
        description="The `basis` of another surface of this network: of all `axes` those that are nearest to "
        "it are taken, and answered in `plane`. So a picture does not flip when its runs change.",
    )


class PcaConfig(TurnedConfig):
    """The two principal axes of all paths together: the plane that keeps most of what the paths do.

    All fitted records of all runs count alike. The axes have length 1.
    """

    kind: Literal["pca"]
    through: Literal["mean", "final", "start"] = Field(
        "mean", description="The mean of all records, or the last or first record of a run."
    )
    run: int = Field(0, ge=0, description="Whose last or first record.")


class ParametersConfig(Config):
    """Two single parameters; all others are held at a record."""

    kind: Literal["parameters"]
    names: Annotated[tuple[str, str], JSONList] = Field(
        examples=[["fc1.weight[0,1]", "fc3.bias[0]"]],
        description="Two entries of parameters, such as fc1.weight[0,0].",
    )
    at: RecordConfig = RecordConfig()


class RandomConfig(Config):
    """Two random directions, each filter scaled to the norm of the network's own (Li et al. 2018).

    Biases are left out. The directions are not orthogonal: coordinates are multiples of them.
    """

    kind: Literal["random"]
    seed: Seed = Field(0, description="Of the two directions.")
    at: RecordConfig = RecordConfig()
    trainable_only: bool = Field(True, description="Leave out parameters that no run moves.")


class PointsConfig(Config):
    """The plane through three records; unless given, the start and the ends of the first two runs.

    Its axes are orthogonal and of length 1: towards the second point, and the rest of the way to the third.
    """

    kind: Literal["points"]
    points: Annotated[tuple[RecordConfig, RecordConfig, RecordConfig], JSONList] = Field(
        (
            RecordConfig(run=0, step=0),
            RecordConfig(run=0, step=-1),
            RecordConfig(run=1, step=-1),
        ),
        description="Three that the plane is laid through.",
    )


class EigenConfig(TurnedConfig):
    """The gradient and the Hessian's top eigenvector at a record.

    The axes are orthogonal and of length 1: straight downhill, and of the eigenvector the part across that.
    If less than a tenth of it is left, the second eigenvector takes its place. Downhill stays where it is,
    along x and forwards, whatever `axes` says.
    """

    kind: Literal["eigen"]
    at: RecordConfig = RecordConfig()
    trainable_only: bool = Field(True, description="Leave out parameters that no run moves.")


class HeldConfig(Config):
    """A plane by its numbers, such as those of another surface, whatever the runs are."""

    kind: Literal["held"]
    origin: Vector = Field(description="What lies at (0, 0): all parameters, in the model's order.")
    basis: Basis = Field(description="What one unit along each axis is.")


class FunctionConfig(Config):
    """The test function itself, over x and y."""

    kind: Literal["function"]


PlaneConfig = Annotated[
    PcaConfig | ParametersConfig | RandomConfig | PointsConfig | EigenConfig | HeldConfig | FunctionConfig,
    Field(discriminator="kind"),
]
