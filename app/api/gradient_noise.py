"""``POST /api/gradient-noise``: how far the gradients of minibatches are from that of all samples."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, Field

from optiscope.api import wire
from optiscope.api.body import documented, json_body
from optiscope.api.computed import GivenRun, accepted, answers, parameters_of, records_of, telling_of
from optiscope.api.events import COMPUTING, Number, problems
from optiscope.api.sentences import Params, sentence_fields
from optiscope.api.state import Service, take_place
from optiscope.api.streams import unless_left
from optiscope.engine.core.config import Config, Seed
from optiscope.engine.lens.gradient_noise import GradientNoise, NoNoise
from optiscope.runs.workers.jobs import gradient_noise_of
from optiscope.runs.workers.lanes import Kind, Lane

router = APIRouter(tags=["views"])


class GradientNoiseRequest(Config):
    """Which run, and at which of its records."""

    run: GivenRun = Field(description="A run: a config (trained unless it just was) or an id.")
    step: int | None = Field(
        None, ge=0, description="The record whose parameters are taken; the last one unless given."
    )
    seed: Seed = Field(0, description="Of the minibatches that are drawn.")


class NoiseBySize(BaseModel):
    """Minibatches of one size, drawn without replacement."""

    size: int = Field(description="Samples of a minibatch.")
    spread: Number = Field(
        description="Root mean square distance of its gradient from that of all samples: exact, "
        "over all minibatches of the size."
    )
    cosine: Number = Field(description="Mean cosine of the angle between the two; NaN where one is zero.")
    cosine_range: tuple[Number, Number] = Field(description="The 10 % and the 90 % quantile of the cosines.")
    minibatches: int = Field(
        description="How many the cosines are of: every one where `exact`, else drawn by `seed`."
    )
    exact: bool = Field(description="Whether the cosines are of all minibatches of the size.")


class MeasuredNoise(BaseModel):
    """The noise of the gradient at one record."""

    step: int = Field(description="The record that it was measured at.")
    samples: int = Field(description="Of the dataset.")
    parameters: int = Field(description="How many parameters the next step trains; the others are left out.")
    seen: int = Field(description="Samples that a step of the run sees.")
    gradient_norm: Number = Field(description="Of the gradient of all samples.")
    trace: Number = Field(description="tr(Σ): mean squared distance of the gradient of a sample from it.")
    noise_scale: Number = Field(description="tr(Σ) / |G|², the simple noise scale.")
    balance: Number = Field(
        description="The batch size, of this dataset, at which the spread is as large as the gradient."
    )
    seed: int = Field(description="Of the minibatches that were drawn.")
    sizes: list[NoiseBySize] = Field(description="One for each size of minibatch.")


class GradientNoiseAnswer(BaseModel):
    """What was measured, or why there is nothing to measure."""

    noise: MeasuredNoise | None = Field(description="null where there is none.")
    no_noise: str | None = Field(description="Why there is no noise; null where there is some.")
    no_noise_code: str | None = Field(description="What `no_noise` says, as data.")
    no_noise_params: Params = Field({}, description="What fills the holes of the sentence, by name.")


_RUN: dict[str, Any] = {
    "problem": {"name": "xor", "samples": 64},
    "model": {"seed": 44},
    "optimizer": {"name": "SGD", "hyperparameters": {"lr": 0.3}},
    "batch_size": 8,
    "steps": 100,
}
EXAMPLES: dict[str, Any] = {
    "At the start and at batch size 8": {"run": _RUN, "step": 0},
    "Where the run ends": {"run": _RUN},
}


@router.post(
    "/gradient-noise",
    summary="Measure the noise of minibatch gradients at a step",
    response_class=Response,
    openapi_extra=documented(GradientNoiseRequest, EXAMPLES),
    responses=answers(GradientNoiseAnswer, "The noise, by batch size.") | COMPUTING | problems(404),
    dependencies=[Depends(take_place)],
)
async def gradient_noise(
    asked: Annotated[GradientNoiseRequest, Depends(json_body(GradientNoiseRequest))],
    request: Request,
    service: Service,
) -> Response:
    """Trains the run (or recalls it) and takes the gradients of its loss at one record.

    Every gradient is torch's own, in the dtype of the run: of all samples, of each sample by itself, and
    of up to 64 drawn minibatches of each size. `trace` and `spread` are exact, over all samples. The simple
    noise scale is that of McCandlish et al. (2018): about the batch size below which noise outweighs the
    gradient, if samples were drawn with replacement.
    """
    runs = await accepted(request, {"/run": asked.run})
    document = await unless_left(request, _measured(service, runs, asked))
    return Response(wire.dumps(document), media_type="application/json")


async def _measured(service: Service, runs: dict[str, Any], asked: GradientNoiseRequest) -> dict[str, Any]:
    [blocks], [(config, _)] = await records_of(service, runs), runs.values()
    with telling_of(runs):
        found = await service.compute(
            gradient_noise_of,
            config.canonical(),
            parameters_of(blocks),
            asked.step,
            asked.seed,
            lane=Lane(Kind.VIEW),
        )
    if isinstance(found, NoNoise):
        return {"noise": None, **sentence_fields("no_noise", found.value)}
    return {"noise": _document(found), **sentence_fields("no_noise", None)}


def _document(found: GradientNoise) -> dict[str, Any]:
    arrays = (found.spread, found.cosine, found.cosine_range)
    columns = zip(found.sizes, *(array.tolist() for array in arrays), found.minibatches, strict=True)
    return {
        "step": found.step,
        "samples": found.samples,
        "parameters": found.parameters,
        "seen": found.seen,
        **{name: wire.spelled(getattr(found, name)) for name in _NUMBERS},
        "seed": found.seed,
        "sizes": [
            {
                "size": size,
                "spread": wire.spelled(spread),
                "cosine": wire.spelled(cosine),
                "cosine_range": wire.spelled(middle),
                "minibatches": minibatches,
                "exact": size in (1, found.samples),
            }
            for size, spread, cosine, middle, minibatches in columns
        ],
    }


_NUMBERS = ("gradient_norm", "trace", "noise_scale", "balance")
