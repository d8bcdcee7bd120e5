"""What is offered of the package, and why the rest is not.

Whether a class is offered follows from what it is, never from how it did on some processor: on another one
the same steps may round to other numbers, and come to another end.
"""

from collections.abc import Callable, Mapping
from enum import Enum

from optiscope.engine.core.words import Said, say

# fmt: off
OFFERED = (
    "A2Grad", "ADOPT", "APOLLO", "ASGD", "AccSGD", "AdEMAMix", "AdaBelief", "AdaBound", "AdaDelta",
    "AdaFactor", "AdaGC", "AdaGO", "AdaHessian", "AdaMax", "AdaMod", "AdaMuon", "AdaNorm", "AdaPNM",
    "AdaShift", "AdaSmooth", "AdaTAM", "Adai", "Adalite", "AdamC", "AdamG", "AdamP", "AdamS", "AdamWSN",
    "Adan", "AggMo", "Aida", "AliG", "Alice", "Amos", "Ano", "ApolloDQN", "AvaGrad", "BCOS", "BSAM",
    "CAME", "Conda", "DASH", "DAdaptAdaGrad", "DAdaptAdam", "DAdaptAdan", "DAdaptLion", "DAdaptSGD",
    "DiffGrad", "DualAdam", "EXAdam", "EmoFact", "EmoLynx", "EmoNavi", "FAdam", "FOCUS", "FTRL", "Fira",
    "FlashAdamW", "FriendlySAM", "GaLore", "Grams", "Gravity", "GrokFastAdamW", "Kate", "Kron", "LARS",
    "LaProp", "Lamb", "Lion", "LookSAM", "Lookahead", "MADGRAD", "MARS", "MSVAG", "Magma", "Muon",
    "MuonClip", "NorMuon", "NovoGrad", "OrthoGrad", "PAdam", "PID", "PNM", "Prodigy", "QHAdam", "QHM",
    "RACS", "RAdam", "ROSE", "Ranger", "Ranger21", "SAM", "SCION", "SCIONLight", "SGDP", "SGDSaI",
    "SGDW", "SM3", "SOAP", "SPAM", "SPlus", "SRMM", "SWATS", "SaRA", "ScalableShampoo",
    "ScheduleFreeAdamW", "ScheduleFreeRAdam", "ScheduleFreeSGD", "ScheduleFreeWrapper", "Shampoo",
    "SignSGD", "SimplifiedAdEMAMix", "SophiaH", "SpectralSphere", "StableAdamW", "StableSPAM", "TAM",
    "TRAC", "Tiger", "VSGD", "WSAM", "Yogi",
)
# fmt: on
"""They train in a loop, some of them with help, and bring their state back as plain data."""


class Reason(Enum):
    """Why a class is left out."""

    BACKWARD = "takes its steps within backward()"
    LAYERS = "is made of a model whose layers it knows by name"
    SURROGATE = "has a closure and a schedule of its own"
    PAIRS = "trains pairs of low-rank factors"
    LOSSES = "takes several losses"
    HALF = "scales losses of half-precision parameters"
    PROCESSES = "is for several processes"
    LICENCE = "is licensed for non-commercial use only"


_SAID: Mapping[Reason, Callable[[str], Said]] = {
    Reason.BACKWARD: lambda name: say("left_out_backward", optimizer=name),
    Reason.LAYERS: lambda name: say("left_out_layers", optimizer=name),
    Reason.SURROGATE: lambda name: say("left_out_surrogate", optimizer=name),
    Reason.PAIRS: lambda name: say("left_out_pairs", optimizer=name),
    Reason.LOSSES: lambda name: say("left_out_losses", optimizer=name),
    Reason.HALF: lambda name: say("left_out_half", optimizer=name),
    Reason.PROCESSES: lambda name: say("left_out_processes", optimizer=name),
    Reason.LICENCE: lambda name: say("left_out_licence", optimizer=name),
}


def told(reason: Reason, optimizer: str) -> Said:
    """The reason as a sentence."""
    return _SAID[reason](optimizer)


LEFT_OUT = {
    "AdaLOMO": Reason.BACKWARD,
    "AdamMini": Reason.LAYERS,
    "DeMo": Reason.PROCESSES,
    "DistributedMuon": Reason.PROCESSES,
    "Fromage": Reason.LICENCE,
    "GSAM": Reason.SURROGATE,
    "LOMO": Reason.BACKWARD,
    "LoRARite": Reason.PAIRS,
    "Nero": Reason.LICENCE,
    "PCGrad": Reason.LOSSES,
    "SafeFP16Optimizer": Reason.HALF,
}
