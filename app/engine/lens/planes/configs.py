"""What each kind of plane is asked for with."""

from typing import Annotated, Literal

from pydantic import Field

from optiscope.engine.core.config import Config, JSONList, Seed


class RecordConfig(Config):
    """A record of one of the runs: a place in parameter space."""

    run: Annotated[int, Field(ge=0)] = 0
    step: int = Field(
        -1,
        ge=-1,
        description="-1 is the last record; of a run that diverges, the last before it leaves the surface.",
    )


class PcaConfig(Config):
    """The two principal axes of all paths together: the plane that keeps most of what the paths do.

    All fitted records of all runs count alike. The axes have length 1; the paths go towards larger values.
    """

    kind: Literal["pca"]
    through: Literal["mean", "final", "start"] = Field(
        "mean", description="The mean of all records, or the last or first record of the first run."
    )


class ParametersConfig(Config):
    """Two single parameters; all others are held at a record."""

    kind: Literal["parameters"]
    names: Annotated[tuple[str, str], JSONList] = Field(examples=[["fc1.weight[0,1]", "fc3.bias[0]"]])
    at: RecordConfig = RecordConfig()


class RandomConfig(Config):
    """Two random directions, each filter scaled to the norm of the network's own (Li et al. 2018).

    Biases are left out. The directions are not orthogonal: coordinates are multiples of them.
    """

    kind: Literal["random"]
    seed: Seed = 0
    at: RecordConfig = RecordConfig()
    trainable_only: bool = Field(True, description="Leave out parameters that no run moves.")


class PointsConfig(Config):
    """The plane through three records; unless given, the start and the ends of the first two runs.

    Its axes are orthogonal and of length 1: towards the second point, and the rest of the way to the third.
    """

    kind: Literal["points"]
    points: Annotated[tuple[RecordConfig, RecordConfig, RecordConfig], JSONList] = (
        RecordConfig(run=0, step=0),
        RecordConfig(run=0, step=-1),
        RecordConfig(run=1, step=-1),
    )


class EigenConfig(Config):
    """The gradient and the Hessian's top eigenvector at a record.

    The axes are orthogonal and of length 1: straight downhill, and of the eigenvector the part across that.
    If less than a tenth of it is left, the second eigenvector takes its place.
    """

    kind: Literal["eigen"]
    at: RecordConfig = RecordConfig()
    trainable_only: bool = Field(True, description="Leave out parameters that no run moves.")


class FunctionConfig(Config):
    """The test function itself, over x and y."""

    kind: Literal["function"]


PlaneConfig = Annotated[
    PcaConfig | ParametersConfig | RandomConfig | PointsConfig | EigenConfig | FunctionConfig,
    Field(discriminator="kind"),
]
