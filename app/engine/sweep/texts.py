"""The parts of a kernel's source that are the same for all, but for the names between @."""


def lines(depth: int, *texts: str) -> str:
    """Lines of code, indented so many times."""
    return "".join(f"{'    ' * depth}{text}\n" for text in texts)


HEAD = """# Written by Optiscope.

from __future__ import annotations

import math

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

F = np.@FLOAT@
L = @LANES@
ZERO, ONE, TWO, HALF = F(0), F(1), F(2), F(0.5)
THREE, TEN, TWENTY, HUNDREDTH = F(3), F(10), F(20), F(0.01)
ROOT_HALF, NORMAL = F(0.5**0.5), F(1 / math.sqrt(2 * math.pi))
TINY = F(1e-6)
OPTIONS = {"fastmath": {"contract"}, "error_model": "numpy", "nogil": True, "cache": True}
INLINED = {"fastmath": {"contract"}, "error_model": "numpy", "nogil": True, "forceinline": True}


@njit(**INLINED)
def where(condition, yes, no):
    return yes if condition else no


@njit(**INLINED)
def maximum(a, b):
    return b if b > a else a


@njit(**INLINED)
def minimum(a, b):
    return b if b < a else a


@njit(**INLINED)
def full(value, like):
    return value


@njit(**INLINED)
def absolute(x):
    return abs(x)


@njit(**INLINED)
def sign(x):
    return ONE if x > ZERO else (-ONE if x < ZERO else ZERO)


@njit(**INLINED)
def sqrt(x):
    return math.sqrt(x)


@njit(**INLINED)
def single(x):
    return np.float64(np.float32(x))


@DIALECT@

@njit(**WRITTEN)
def norm_of(numbers, first, last, part, found):
    behind = last - (last - first) % WIDTH
    for j in range(L):
        found[j] = ZERO
    for w in range(WIDTH):
        for j in range(L):
            part[j] = ZERO
        for k in range(first + w, behind, WIDTH):
            for j in range(L):
                part[j] = square_sum(numbers[k, j], numbers[k, j], part[j])
        for j in range(L):
            found[j] += part[j]
    for k in range(behind, last):
        for j in range(L):
            found[j] = fused(numbers[k, j], numbers[k, j], found[j])
    for j in range(L):
        found[j] = math.sqrt(found[j])


@njit(**INLINED)
def take(own, given, block):
    for k in range(len(own)):
        for j in range(L):
            own[k, j] = given[k, block + j]


@njit(**INLINED)
def give(given, own, block):
    for k in range(len(own)):
        for j in range(L):
            given[k, block + j] = own[k, j]


@SPECIAL@"""
TRAIN_HEAD = """@njit(**@OPTIONS@)
def train(
    first, last, begin, end, x, y, rows, counts, accumulate, scale, parts, ticks, moving, plateau_every, clip,
    params, states, columns, powers, scalars, table, row, bound, sense, plateau, plateau_state, target, notes,
):
    p, g = np.empty((@COUNT@, L), F), np.empty((@COUNT@, L), F)
    total, seen, finite, norm = np.empty(L, F), np.empty(L, F), np.empty(L, F), np.empty(L, F)
    weight, folded = np.empty(L, F), np.empty(L, F)
    part, norms = np.empty(L, F), np.empty((len(TENSORS), L), F)
    own_columns, own_notes = np.empty((len(columns), L)), np.empty((len(notes), L))
    own_powers, own_scalars = np.empty((len(powers), L)), np.empty((len(scalars), L))
    factors = np.empty((len(powers), L))
    parts_count = len(parts)
    is_moving = np.zeros(@COLUMNS@, np.int8)
    for i in range(len(moving)):
        is_moving[moving[i] % @COLUMNS@] = 1
"""
BLOCK_HEAD = """        take(own_columns, columns, block)
        take(own_powers, powers, block)
        take(own_scalars, scalars, block)
        take(own_notes, notes, block)
        own_row, own_target = row[block:block + L], target[block:block + L]
        own_bound, own_sense = bound[block:block + L], sense[block:block + L]
@FACTORS@        for s in range(begin, end):
            g[:] = ZERO
            seen[:] = ZERO
            for a in range(accumulate):
                number = ((s - begin) * accumulate + a) % len(counts)
                size = counts[number]
                share = ONE / F(size)
                factor = scale * share
                for j in range(L):
                    total[j] = ZERO
                    weight[j] = factor * own_sense[j]
                for chunk in range(0, size, @TOGETHER@):
                    chunk_end = min(chunk + @TOGETHER@, size)
                    folded[:] = ZERO
"""
AFTER_CHUNK = """                    for j in range(L):
                        total[j] += log1p_of_product(folded[j])
                for j in range(L):
                    seen[j] += total[j] * share
"""
CLIP = """            if accumulate > 1:
                for j in range(L):
                    seen[j] /= F(accumulate)
            if clip != 0:
                for q in range(parts_count):
                    if ticks[s, q] == 0:
                        for k in range(parts[q, 0], parts[q, 1]):
                            for j in range(L):
                                g[k, j] = ZERO
            if clip == 3:
                for k in range(@COUNT@):
                    for j in range(L):
                        v = own_bound[j]
                        w = -v if g[k, j] < -v else g[k, j]
                        g[k, j] = v if w > v else w
            elif clip != 0:
                for j in range(L):
                    norm[j] = ZERO
                if clip == 1:
                    there = 0
                    for t in range(len(TENSORS)):
                        for q in range(parts_count):
                            if parts[q, 0] <= TENSORS[t, 0] < parts[q, 1] and ticks[s, q] != 0:
                                norm_of(g, TENSORS[t, 0], TENSORS[t, 1], part, norms[there])
                                there += 1
                    norm_of(norms, 0, there, part, norm)
                else:
                    for k in range(@COUNT@):
                        for j in range(L):
                            v = abs(g[k, j])
                            norm[j] = norm[j] if norm[j] >= v else v
                for j in range(L):
                    v = ONE / (norm[j] + TINY) * own_bound[j]
                    norm[j] = ONE if v > ONE else v
                for k in range(@COUNT@):
                    for j in range(L):
                        g[k, j] *= norm[j]
"""
STEP = """            for i in range(len(moving)):
                for j in range(L):
                    own_columns[moving[i], j] = table[s, own_row[j], i]
            finite[:] = ZERO
            for q in range(parts_count):
                if ticks[s, q] == 0:
                    continue
                tick = float(ticks[s, q])
                base = parts[q, 2] * @COLUMNS@
"""
TRAIN_END = """            some = 0
            for j in range(L):
                now = float(seen[j])
                is_there = own_notes[0, j] > 0
                best, reached = own_notes[2, j], own_notes[3, j]
                better = now if (now < best or best != best) else best
                own_notes[1, j] = now if is_there else own_notes[1, j]
                own_notes[2, j] = better if is_there else best
                is_first = is_there and now <= own_target[j] and reached != reached
                own_notes[3, j] = s + 1.0 if is_first else reached
                own_notes[4, j] = s + 1.0 if is_there else own_notes[4, j]
                stays = is_there and finite[j] == ZERO and now == now
                own_notes[0, j] = 1.0 if stays else 0.0
                some += 1 if stays else 0
            if some == 0:
                break
            if plateau_every != 0 and (s + 1) % plateau_every == 0:
                for j in range(L):
                    at, now = block + j, float(seen[j])
                    wanted = plateau[0, at]
                    slack = plateau[2, at]
                    best = plateau_state[0, at]
                    edge = best * (1.0 - wanted * slack) if plateau[1, at] != 0 else best - wanted * slack
                    if now * wanted < edge * wanted:
                        plateau_state[0, at] = now
                        plateau_state[1, at] = 0.0
                    else:
                        plateau_state[1, at] += 1.0
                    if plateau_state[2, at] > 0:
                        plateau_state[2, at] -= 1.0
                        plateau_state[1, at] = 0.0
                    if plateau_state[1, at] > plateau[4, at]:
                        for group in range(len(columns) // len(is_moving)):
                            old = own_columns[group * len(is_moving), j]
                            new = max(old * plateau[3, at], plateau[7 + group, at])
                            if old - new > plateau[6, at]:
                                own_columns[group * len(is_moving), j] = new
                        plateau_state[2, at] = plateau[5, at]
                        plateau_state[1, at] = 0.0
        give(columns, own_columns, block)
        give(powers, own_powers, block)
        give(scalars, own_scalars, block)
        give(notes, own_notes, block)
"""
