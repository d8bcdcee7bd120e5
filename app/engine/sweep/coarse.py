"""Coarse grids of the places along an axis: every eighth, then every fourth, and so on to each."""

import numpy as np
from numpy.typing import NDArray

PLACES = 4
"""The most places of the coarsest grid."""


def halvings_of(count: int) -> NDArray[np.uint8]:
    """How often the mesh of the coarsest grid is halved until it has each of so many places.

    Example:
        >>> halvings_of(9).max(), halvings_of(9)
        (np.uint8(2), array([0, 2, 1, 2, 0, 2, 1, 2, 0], dtype=uint8))
    """
    most = ((count - 1) // PLACES).bit_length()
    places, halvings = np.arange(count), np.zeros(count, np.uint8)
    for halving in range(1, most + 1):
        halvings[places % 2 ** (most - halving + 1) != 0] = halving
    return halvings
