"""The idea of each optimizer of the package, by what its documentation says of it."""

from collections.abc import Mapping
from typing import Final

from optiscope.engine.recipe.optimizers.ideas import Idea

_NAMES: Mapping[Idea, str] = {
    "gradient": "AccSGD Adai AggMo PID PNM QHM SGDP SGDW SRMM TAM VSGD FTRL",
    "averages": (
        "ADOPT AdEMAMix AdaBelief AdaBound AdaGC AdaMax AdaMod AdaNorm AdaPNM AdaTAM AdamC AdamP AdamS Adan "
        "Aida Amos AvaGrad DiffGrad DualAdam EXAdam GrokFastAdamW LaProp MARS MSVAG PAdam QHAdam RAdam "
        "Ranger Ranger21 SWATS SimplifiedAdEMAMix StableAdamW StableSPAM Yogi"
    ),
    "squares": "AdaDelta AdaSmooth Kate",
    "signs": "Ano FOCUS Grams Lion SignSGD Tiger",
    "matrices": "APOLLO Fira GaLore RACS ROSE SOAP SPlus Shampoo",
    "curvature": "ASGD ApolloDQN BCOS",
    "own-rate": "AdamG DAdaptAdaGrad DAdaptAdam DAdaptAdan DAdaptLion DAdaptSGD Prodigy SGDSaI",
    "layers": "LARS Lamb NovoGrad",
    "memory": "AdaFactor AdamWSN Adalite CAME FlashAdamW SM3",
    "schedule-free": "ScheduleFreeAdamW ScheduleFreeRAdam ScheduleFreeSGD",
}

IDEAS: Final[Mapping[str, Idea]] = {name: idea for idea, names in _NAMES.items() for name in names.split()}
