"""Planes through parameter space, which loss surfaces are drawn on."""

from optiscope.engine.lens.planes.builders import build_plane, plane_in_parts
from optiscope.engine.lens.planes.configs import PlaneConfig
from optiscope.engine.lens.planes.plane import Axis, Notice, Plane, Scene, portions_of

__all__ = ["Axis", "Notice", "Plane", "PlaneConfig", "Scene", "build_plane", "plane_in_parts", "portions_of"]
