"""Runs as plain PyTorch scripts that print the same losses, bit for bit."""

from app.engine.codegen.recipe import recipe
from app.engine.codegen.script import script

__all__ = ["recipe", "script"]
