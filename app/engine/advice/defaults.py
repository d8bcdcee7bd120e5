"""What is compared before anybody chose anything: four optimizers from one start, vetted by real runs."""

from typing import Any, Final

from optiscope.engine.recipe.problems import PROBLEMS

DEFAULT_PROBLEM: Final = "himmelblau"
"""Four minima that are equally low, in two dimensions: what is drawn is all that there is."""


def suggested_comparison(problem: str) -> list[dict[str, Any]]:
    """RunConfigs, as JSON, that compare SGD, SGD with momentum, Adam and AdamW on ``problem``.

    Example:
        >>> [config["optimizer"]["name"] for config in suggested_comparison("xor")]
        ['SGD', 'SGD', 'Adam', 'AdamW']
    """
    suggestion = PROBLEMS[problem].suggestion
    return [
        {
            "problem": {"name": problem},
            "model": dict(suggestion.model),
            "optimizer": optimizer,
            "steps": suggestion.steps,
        }
        for optimizer in suggestion.optimizers
    ]


DEFAULT_COMPARISON: Final = suggested_comparison(DEFAULT_PROBLEM)
