"""What is offered of the package, and why the rest is not.

Whether a class is offered follows from what it is, never from how it did on some processor: on another one
the same steps may round to other numbers, and come to another end.
"""

from enum import Enum

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
    """Why a class is left out, by the code of the sentence that says so."""

    BACKWARD = "left_out_backward"
    LAYERS = "left_out_layers"
    SURROGATE = "left_out_surrogate"
    PAIRS = "left_out_pairs"
    LOSSES = "left_out_losses"
    HALF = "left_out_half"
    PROCESSES = "left_out_processes"
    LICENCE = "left_out_licence"


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
