"""How much a request may ask for: a frozen value, handed to whatever it bounds.

A request is measured once, when it comes. What was accepted is trusted from then on: workers and the store
read it under :data:`UNLIMITED`, so that a run which was kept under wider limits still opens.
"""

import math
import sys

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo


class Limits(BaseModel):
    """Bounds of one request."""

    model_config = ConfigDict(frozen=True)

    max_steps: int = Field(100_000, ge=1, description="Steps of one run.")
    max_hidden_layers: int = Field(6, ge=1, description="Hidden layers of the network.")
    max_hidden_units: int = Field(64, ge=1, description="Units in one hidden layer.")
    max_samples: int = Field(4096, ge=1, description="Samples of a generated dataset.")
    max_points: int = Field(1024, ge=2, description="Points of a dataset that a run brings with it.")
    max_features: int = Field(8, ge=1, description="Features of each of them.")
    max_noise: float = Field(2.0, ge=0, description="Standard deviation of the noise of a dataset.")
    max_seed: int = Field(2**32 - 1, ge=0, description="Largest seed.")
    max_abs_parameter: float = Field(1e6, gt=0, description="Magnitude of a given initial parameter.")
    max_param_groups: int = Field(16, ge=1, description="Param groups of an optimizer.")
    max_hyperparameter_schedules: int = Field(
        8, ge=1, description="Hyperparameters of a run that follow a factor of the step."
    )
    max_schedulers: int = Field(8, ge=1, description="Schedulers inside one composite scheduler.")
    max_scheduler_depth: int = Field(3, ge=1, description="Nesting of composite schedulers.")
    max_milestones: int = Field(64, ge=1, description="Milestones of a scheduler.")
    max_schedule_values: int = Field(
        400_000, ge=1, description="Steps of a drawn schedule, times its param groups."
    )
    max_linted_steps: int = Field(
        5_000,
        ge=1,
        description="Steps of a schedule that are looked at before a run; about 10 µs each.",
    )
    max_probe_steps: int = Field(
        200, ge=2, description="Steps of a run that the linter takes to see how it goes."
    )
    max_probe_operations: float = Field(
        1e8, gt=0, description="Work of those steps: multiplications, and 50,000 for each pass."
    )
    max_expression_length: int = Field(200, ge=1, description="Characters of an expression.")
    max_expression_depth: int = Field(20, ge=1, description="Nesting of an expression.")
    max_freeze_rules: int = Field(32, ge=1, description="Freeze rules of one run.")
    max_compared_runs: int = Field(8, ge=1, description="Runs in one comparison.")
    max_file_bytes: int = Field(2**25, ge=1, description="Records of runs that one HTML file may hold.")
    max_streamed_runs: int = Field(
        256, ge=1, description="The same where only some numbers of each step are asked for."
    )
    max_resolution: int = Field(401, ge=2, description="Grid points along each side of a loss surface.")
    max_surface_operations: float = Field(
        5e10, gt=0, description="Multiplications of a loss surface: points x samples x parameters."
    )
    max_boundary_frames: int = Field(256, ge=1, description="Steps of one request for decision boundaries.")
    max_boundary_values: int = Field(
        5_000_000, ge=4, description="Numbers of decision boundaries: runs x steps x points."
    )
    max_anatomy_values: int = Field(
        400_000, ge=1, description="Numbers of the updates of one step, line by line."
    )
    max_hessian_parameters: int = Field(512, ge=1, description="Parameters that a Hessian is computed for.")
    max_curvature_records: int = Field(2_000, ge=1, description="Hessians of one run.")
    max_curvature_operations: float = Field(
        2e10, gt=0, description="Multiplications for the Hessians of one run."
    )
    max_flow_operations: float = Field(
        2e10, gt=0, description="Multiplications for the central flow of one run."
    )
    max_record_values: int = Field(
        50_000_000, ge=1, description="Numbers kept of one run: (steps + 1) x numbers in a record."
    )
    max_step_operations: float = Field(
        2.5e9, gt=0, description="Multiplications of one step: samples x parameters x evaluations."
    )
    max_run_operations: float = Field(
        1e12, gt=0, description="Multiplications of all steps of a run; a core makes about 1e9 a second."
    )
    max_sweep_optimizers: int = Field(32, ge=1, description="Optimizers of one sweep.")
    max_sweep_members: int = Field(10_000_000, ge=1, description="Members of one sweep.")
    max_sweep_operations: float = Field(
        1e13, gt=0, description="Multiplications of all members of a sweep, of all their steps."
    )
    max_sweep_loop_steps: int = Field(
        20_000_000, ge=1, description="Steps of those members of a sweep that are trained one by one."
    )
    max_run_name: int = Field(200, ge=1, description="Characters of the name of a run.")
    max_upload_bytes: int = Field(2**22, ge=1, description="Size of an uploaded checkpoint.")
    max_checkpoint_memory_bytes: int = Field(
        2**29, ge=1, description="Memory that reading an uploaded checkpoint may take (on Linux)."
    )


DEFAULT_LIMITS = Limits()


REACH_OF_THE_LINTER = ("max_linted_steps", "max_probe_steps", "max_probe_operations")
"""How far the linter looks: no bounds of a request."""


def _unlimited() -> Limits:
    widest = {
        name: math.inf if field.annotation is float else sys.maxsize
        for name, field in Limits.model_fields.items()
    }
    kept = {name: getattr(DEFAULT_LIMITS, name) for name in REACH_OF_THE_LINTER}
    return Limits(**widest | kept)


UNLIMITED = _unlimited()
"""What is not measured again; how far the linter looks stays."""


def in_context(limits: Limits) -> dict[str, Limits]:
    """The validation context that hands limits to pydantic's validators."""
    return {"limits": limits}


def limits_of(info: ValidationInfo) -> Limits:
    """The limits that a validation was given; without any, nothing is bounded."""
    found: Limits = (info.context or {}).get("limits", UNLIMITED)
    return found
