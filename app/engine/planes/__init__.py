"""Planes through parameter space, which loss surfaces are drawn on."""

from app.engine.planes.builders import build_plane
from app.engine.planes.configs import PlaneConfig
from app.engine.planes.plane import Axis, Notice, Plane, Scene

__all__ = ["Axis", "Notice", "Plane", "PlaneConfig", "Scene", "build_plane"]
