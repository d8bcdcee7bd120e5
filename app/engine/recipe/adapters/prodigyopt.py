"""The optimizer of the package ``prodigyopt``."""

from collections.abc import Iterator
from importlib import import_module

from optiscope.engine.recipe.adapters.missing import is_missing, missing
from optiscope.engine.recipe.declaring import flag, number, pair, whole
from optiscope.engine.recipe.optimizers.info import OptimizerInfo, OwnRate

PACKAGE = "prodigyopt"

_FORMULA = (
    r"m_t \leftarrow \beta_1 m_{t-1} + (1-\beta_1) d_t g_t",
    r"v_t \leftarrow \beta_2 v_{t-1} + (1-\beta_2) d_t^2 g_t^2",
    r"r_t \leftarrow \beta_3 r_{t-1} + \gamma\frac{d_t^2}{d_0}\langle g_t,\,\theta_0-\theta_{t-1}\rangle",
    r"s_t \leftarrow \beta_3 s_{t-1} + \gamma\frac{d_t^2}{d_0}\,g_t",
    r"d_{t+1} \leftarrow \max\!\left(d_t,\,c\,r_t/\lVert s_t\rVert_1\right)",
    r"\theta_t \leftarrow \theta_{t-1} - \gamma d_t\frac{m_t}{\sqrt{v_t}+d_{t+1}\epsilon}",
)


def optimizers() -> Iterator[OptimizerInfo]:
    """Prodigy; what is missing, where the package is."""
    if is_missing(PACKAGE):
        yield from missing(PACKAGE, {"Prodigy": "own-rate"})
        return
    yield OptimizerInfo(
        name="Prodigy",
        cls=import_module(PACKAGE).Prodigy,
        summary="Adam that estimates how far the solution is, d, and takes its rate from it; leave lr at 1.",
        hyperparameters=(
            number(
                "lr",
                "Scales the rate that is found.",
                0.0,
                1e9,
                minimum=0.0,
                exclusive_minimum=True,
                scale="log",
                symbol=r"\gamma",
            ),
            pair(
                "betas",
                "Decay of the running averages.",
                0.0,
                1.0,
                minimum=0.0,
                maximum=1.0,
                exclusive_maximum=True,
                symbol=r"\beta_1, \beta_2",
            ),
            number(
                "beta3",
                "Decay of the estimate; null is the root of the second beta.",
                0.0,
                1.0,
                optional=True,
                symbol=r"\beta_3",
            ),
            number(
                "eps",
                "Added to the denominator.",
                0.0,
                1.0,
                minimum=0.0,
                exclusive_minimum=True,
                scale="log",
                symbol=r"\epsilon",
            ),
            number("weight_decay", "Decay of the weights.", 0.0, 100.0, minimum=0.0, scale="log"),
            flag("decouple", "Decay the weights as AdamW does."),
            flag("use_bias_correction", "Correct the averages for their start, as Adam does."),
            flag("safeguard_warmup", "Leave lr out of the denominator of the estimate."),
            number(
                "d0",
                "The first estimate.",
                0.0,
                1.0,
                minimum=0.0,
                exclusive_minimum=True,
                scale="log",
                symbol="d_0",
            ),
            number("d_coef", "Scales the estimate.", 0.0, 100.0, symbol="c"),
            whole("slice_p", "Look at each p-th element alone.", 1, 100, minimum=1),
        ),
        state={
            "step": "Steps taken.",
            "s": "Weighted sum of gradients.",
            "p0": "The parameters at the start.",
            "exp_avg": "Running average of the gradient times d, m.",
            "exp_avg_sq": "Running average of the squared gradient times d, v.",
        },
        formula=r",\quad ".join(_FORMULA),
        paper="Mishchenko, Defazio (2023). Prodigy: An Expeditiously Adaptive Parameter-Free Learner. "
        "arXiv:2306.06101.",
        source=PACKAGE,
        own_rate=OwnRate("d", in_group=True, times_lr=True),
        idea="own-rate",
    )
