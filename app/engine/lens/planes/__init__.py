"""Planes through parameter space, which loss surfaces are drawn on."""

from optiscope.engine.lens.planes.builders import build_plane
from optiscope.engine.lens.planes.configs import PlaneConfig
from optiscope.engine.lens.planes.plane import Axis, Notice, Plane, Scene

__all__ = ["Axis", "Notice", "Plane", "PlaneConfig", "Scene", "build_plane"]
