"""Optiscope: a microscope for torch.optim."""

__version__ = "0.1.0"
