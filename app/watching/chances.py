"""Random numbers, as they stood."""

import random

import numpy as np
import torch
from torch import Tensor, nn


class Random:
    """Where all random numbers of a program stand that may be drawn from.

    Args:
        model: On whose devices, and of whose own generators, too.
    """

    def __init__(self, model: nn.Module) -> None:
        tensors = (*model.parameters(), *model.buffers())
        devices = {tensor.device for tensor in tensors if tensor.device.type not in {"cpu", "meta"}}
        self._devices = [(device, _device_state(device)) for device in devices]
        values = (value for module in model.modules() for value in module.__dict__.values())
        generators = [value for value in values if isinstance(value, torch.Generator)]
        self._generators = [(generator, generator.get_state()) for generator in generators]
        self._torch = torch.get_rng_state()
        self._python = random.getstate()
        self._numpy = np.random.get_state()  # noqa: NPY002 - the one that a loop may use

    def put_back(self) -> None:
        """Set them there again."""
        torch.set_rng_state(self._torch)
        for device, state in self._devices:
            _set_device_state(device, state)
        for generator, state in self._generators:
            generator.set_state(state)
        random.setstate(self._python)
        np.random.set_state(self._numpy)  # noqa: NPY002


def _device_state(device: torch.device) -> Tensor:
    module = torch.get_device_module(device)
    state: Tensor = module.get_rng_state() if device.type == "mps" else module.get_rng_state(device)
    return state


def _set_device_state(device: torch.device, state: Tensor) -> None:
    module = torch.get_device_module(device)
    if device.type == "mps":
        module.set_rng_state(state)
    else:
        module.set_rng_state(state, device)
