"""What is offered of the package, and why the rest is not.

Whether a class is offered follows from what it is, never from how it did on some processor: on another one
the same steps may round to other numbers, and come to another end.
"""

from enum import Enum

# fmt: off
OFFERED = (
    "ADOPT", "APOLLO", "ASGD", "AccSGD", "AdEMAMix", "AdaBelief", "AdaBound", "AdaDelta", "AdaFactor",
    "AdaGC", "AdaMax", "AdaMod", "AdaNorm", "AdaPNM", "AdaSmooth", "AdaTAM", "Adai", "Adalite", "AdamC",
    "AdamG", "AdamP", "AdamS", "AdamWSN", "Adan", "AggMo", "Aida", "Amos", "Ano", "ApolloDQN", "AvaGrad",
    "BCOS", "CAME", "DAdaptAdaGrad", "DAdaptAdam", "DAdaptAdan", "DAdaptLion", "DAdaptSGD", "DiffGrad",
    "DualAdam", "EXAdam", "FOCUS", "FTRL", "Fira", "FlashAdamW", "GaLore", "Grams", "GrokFastAdamW", "Kate",
    "LARS", "LaProp", "Lamb", "Lion", "MARS", "MSVAG", "NovoGrad", "PAdam", "PID", "PNM", "Prodigy",
    "QHAdam", "QHM", "RACS", "RAdam", "ROSE", "Ranger", "Ranger21", "SGDP", "SGDSaI", "SGDW", "SM3", "SOAP",
    "SPlus", "SRMM", "SWATS", "ScheduleFreeAdamW", "ScheduleFreeRAdam", "ScheduleFreeSGD", "Shampoo",
    "SignSGD", "SimplifiedAdEMAMix", "StableAdamW", "StableSPAM", "TAM", "Tiger", "VSGD", "Yogi",
)
# fmt: on
"""They take parameters and their gradients, and bring their state back as plain data."""


class Reason(Enum):
    """Why a class is left out."""

    OTHERS = "is made of a model or of another optimizer, not of parameters alone"
    CLOSURE = "evaluates the loss itself, in a closure"
    GRAPH = "differentiates the gradients once more, for which their graph must be kept"
    MARKED = "takes param groups that are marked for it"
    MATRICES = "refuses vectors, such as biases"
    SOME_WEIGHTS = "trains only some weights: pairs of an adapter, or those near zero"
    FLOAT32 = "computes in float32, whatever the parameters are in"
    PROCESSES = "is for several processes"
    CHANCE = "draws from torch's global generator, which all runs of a process share"
    STATE = "keeps state that state_dict does not bring back as plain data"
    NO_LR = "has no learning rate"
    LICENCE = "is licensed for non-commercial use only (CC BY-NC-SA 4.0)"


LEFT_OUT = {
    "A2Grad": Reason.NO_LR,
    "AdaGO": Reason.MARKED,
    "AdaHessian": Reason.GRAPH,
    "AdaLOMO": Reason.OTHERS,
    "AdaMuon": Reason.MARKED,
    "AdaShift": Reason.STATE,
    "AdamMini": Reason.OTHERS,
    "AliG": Reason.NO_LR,
    "Alice": Reason.CHANCE,
    "BSAM": Reason.CLOSURE,
    "Conda": Reason.STATE,
    "DASH": Reason.CHANCE,
    "DeMo": Reason.PROCESSES,
    "DistributedMuon": Reason.PROCESSES,
    "EmoFact": Reason.STATE,
    "EmoLynx": Reason.STATE,
    "EmoNavi": Reason.STATE,
    "FAdam": Reason.FLOAT32,
    "FriendlySAM": Reason.OTHERS,
    "Fromage": Reason.LICENCE,
    "GSAM": Reason.OTHERS,
    "Gravity": Reason.CHANCE,
    "Kron": Reason.CHANCE,
    "LOMO": Reason.OTHERS,
    "LoRARite": Reason.SOME_WEIGHTS,
    "LookSAM": Reason.OTHERS,
    "Lookahead": Reason.OTHERS,
    "MADGRAD": Reason.STATE,
    "Magma": Reason.OTHERS,
    "Muon": Reason.MARKED,
    "MuonClip": Reason.MARKED,
    "Nero": Reason.LICENCE,
    "NorMuon": Reason.MARKED,
    "OrthoGrad": Reason.OTHERS,
    "PCGrad": Reason.OTHERS,
    "SAM": Reason.OTHERS,
    "SCION": Reason.STATE,
    "SCIONLight": Reason.STATE,
    "SPAM": Reason.CHANCE,
    "SaRA": Reason.SOME_WEIGHTS,
    "SafeFP16Optimizer": Reason.OTHERS,
    "ScalableShampoo": Reason.STATE,
    "ScheduleFreeWrapper": Reason.OTHERS,
    "SophiaH": Reason.GRAPH,
    "SpectralSphere": Reason.MATRICES,
    "TRAC": Reason.OTHERS,
    "WSAM": Reason.OTHERS,
}
