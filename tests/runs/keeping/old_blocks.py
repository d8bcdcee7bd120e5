"""Blocks as the first form wrote them: without a checksum, a list of fields in the head."""

import struct

import numpy as np
import orjson


def old_bytes(blocks):
    """What the first ``encode_blocks`` made of blocks that have no optional column but the clipped norm."""
    parts, end = [], 0

    def laid(value):
        nonlocal end
        if isinstance(value, dict):
            return {name: laid(part) for name, part in value.items()}
        if not isinstance(value, np.ndarray):
            return value
        place = [value.dtype.str, list(value.shape), end]
        parts.append(value.tobytes())
        end += value.nbytes
        return place

    singles = ("first", "loss", "lr", "momentum", "grad_norm")
    head = [
        {name: laid(getattr(block, name)) for name in singles}
        | {"clipped_grad_norm": laid(block.optional.get("clipped_grad_norm"))}
        | {name: laid(getattr(block, name)) for name in ("params", "grads", "state")}
        for block in blocks
    ]
    text = orjson.dumps(head)
    return struct.pack("<4sI", b"OSB1", len(text)) + text + b"".join(parts)
