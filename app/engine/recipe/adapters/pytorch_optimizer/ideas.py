"""The idea of each optimizer of the package, by what its documentation says of it."""

from collections.abc import Mapping
from typing import Final

from optiscope.engine.recipe.optimizers.ideas import Idea

_NAMES: Mapping[Idea, str] = {
    "gradient": "A2Grad AccSGD Adai AggMo PID PNM QHM SGDP SGDW SRMM TAM VSGD FTRL Gravity",
    "averages": (
        "ADOPT AdEMAMix AdaBelief AdaBound AdaGC AdaMax AdaMod AdaNorm AdaPNM AdaShift AdaTAM AdamC AdamP "
        "AdamS Adan Aida Amos AvaGrad DiffGrad DualAdam EXAdam EmoNavi FAdam GrokFastAdamW LaProp MARS MSVAG "
        "PAdam QHAdam RAdam Ranger Ranger21 SPAM SWATS SaRA SimplifiedAdEMAMix StableAdamW StableSPAM Yogi"
    ),
    "squares": "AdaDelta AdaSmooth Kate MADGRAD",
    "signs": "Ano EmoLynx FOCUS Grams Lion SignSGD Tiger",
    "matrices": (
        "APOLLO AdaGO AdaMuon Alice Conda DASH DistributedMuon Fira GaLore Kron LoRARite Muon MuonClip "
        "NorMuon RACS ROSE SCION SCIONLight SOAP SPlus ScalableShampoo Shampoo SpectralSphere"
    ),
    "curvature": "ASGD AdaHessian ApolloDQN BCOS SophiaH",
    "own-rate": "AdamG AliG DAdaptAdaGrad DAdaptAdam DAdaptAdan DAdaptLion DAdaptSGD Prodigy SGDSaI TRAC",
    "layers": "Fromage LARS Lamb Nero NovoGrad",
    "memory": "AdaFactor AdaLOMO AdamMini AdamWSN Adalite CAME EmoFact FlashAdamW LOMO SM3",
    "schedule-free": "ScheduleFreeAdamW ScheduleFreeRAdam ScheduleFreeSGD ScheduleFreeWrapper",
    "sharpness": "BSAM FriendlySAM GSAM LookSAM SAM WSAM",
    "wrappers": "DeMo Lookahead Magma OrthoGrad PCGrad SafeFP16Optimizer",
}

IDEAS: Final[Mapping[str, Idea]] = {name: idea for idea, names in _NAMES.items() for name in names.split()}
