"""Typed arrays of the wire."""

import base64

import numpy as np


def decoded(array):
    """A typed array as numpy reads it."""
    shape = [int(size) for size in array["shape"].split(", ")]
    return np.frombuffer(base64.b64decode(array["bdata"]), "<" + array["dtype"]).reshape(shape)
