/**
 * How true the surface is to the paths on it: a path is drawn where the plane is nearest to it, and the plane shows the
 * loss there, not that of the run.
 */

import { partAt } from "./paths.js";

/**
 * @typedef {import("./paths.js").Path} Path
 * @typedef {import("./paths.js").PixelPath} PixelPath
 */

/** Losses that are further apart than this part of the range of all paths differ by much. */
const MUCH = 0.1;

/** So many times as large is much, too, if the difference is more than this part of the range. */
const [TIMES, SEEN] = [10, 1e-3];

/** A record that is this near to the plane, for the length of its path, lies on it. */
const ON_PLANE = 1e-5;

/**
 * The range of the losses of the paths, of those records whose loss is finite and not far above where they began.
 *
 * @param {Path[]} paths
 */
export function lossRange(paths) {
  const starts = paths.map(({ loss }) => loss?.[0] ?? NaN).filter(Number.isFinite);
  const most = Math.max(...starts);
  let [low, high] = [Infinity, -Infinity];
  for (const { loss } of paths) {
    for (let k = 0; loss !== null && k < loss.length; k += 1) {
      if (!(loss[k] <= most)) continue;
      low = Math.min(low, loss[k]);
      high = Math.max(high, loss[k]);
    }
  }
  return high > low ? high - low : 0;
}

/**
 * Whether the plane shows much another loss than the run has at a record.
 *
 * @param {Path} path
 * @param {number} record
 * @param {number} range  of the losses of all paths
 */
export function differsMuch({ loss, planeLoss }, record, range) {
  if (loss === null || planeLoss === null || !Number.isFinite(loss[record])) return false;
  const [low, high] = [loss[record], planeLoss[record]].sort((a, b) => a - b);
  if (low >= 0 && high > TIMES * low && high - low > SEEN * range) return true;
  return !(high - low <= MUCH * range);
}

/**
 * Whether a record lies on the plane, but for rounding.
 *
 * @param {Path} path
 * @param {number} record
 */
export function liesOnPlane({ distance, xy }, record) {
  if (distance === null) return true;
  const last = xy.length - 2;
  const length = Math.hypot(xy[last] - xy[0], xy[last + 1] - xy[1]) || 1;
  return distance[record] <= ON_PLANE * length;
}

/** A mark on a path: where it is and which way the path goes there. */
/** @typedef {{record: number, x: number, y: number, angle: number}} Mark  in pixels and radians */

/**
 * Marks along the stretches of a path where the plane shows much another loss, at even distances.
 *
 * @param {PixelPath} pixelPath
 * @param {number} range  of the losses of all paths
 * @param {number} gap  pixels from mark to mark
 * @returns {Mark[]}
 */
export function untrueMarks({ path, pixels, corners, along }, range, gap) {
  /** @type {Mark[]} */
  const marks = [];
  let next = gap;
  for (let i = 1; i < corners.length; i += 1) {
    const [from, to] = [corners[i - 1], corners[i]];
    const length = along[i] - along[i - 1];
    if (!differsMuch(path, to, range) || !Number.isFinite(pixels[2 * from] + pixels[2 * to])) {
      next = Math.max(next, along[i]);
      continue;
    }
    const [dx, dy] = [pixels[2 * to] - pixels[2 * from], pixels[2 * to + 1] - pixels[2 * from + 1]];
    for (; next <= along[i] && length > 0; next += gap) {
      const part = partAt(next - along[i - 1], Math.hypot(dx, dy), length);
      const [x, y] = [pixels[2 * from] + part * dx, pixels[2 * from + 1] + part * dy];
      marks.push({ record: to, x, y, angle: Math.atan2(dy, dx) });
    }
  }
  return marks;
}
