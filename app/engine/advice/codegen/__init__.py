"""Runs as plain PyTorch scripts that print the same losses, bit for bit."""

from optiscope.engine.advice.codegen.excerpt import recipe
from optiscope.engine.advice.codegen.script import script

__all__ = ["recipe", "script"]
