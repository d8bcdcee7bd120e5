/**
 * Points as the small picture of a problem: the first two features, or the only one and the target.
 */

/** Of the range, at each side. */
const MARGIN = 0.06;
const LEVELS = 12;
/** More would be a blot. */
const MOST = 300;

/**
 * @param {Pick<import("../../state/types.js").Points, "x" | "y">} points
 * @returns {import("../../wire.d.ts").Picture}
 */
export function pictureOf({ x, y }) {
  const every = Math.ceil(x.length / MOST);
  const rows = x.map((row, i) => [row[0], row[1] ?? y[i], y[i]]).filter((_, i) => i % every === 0);
  const [across, up, level] = [0, 1, 2].map((k) => scaleOf(rows.map((row) => row[k])));
  /** @type {[number, number, number][]} */
  const points = rows.map(([a, b, target]) => [
    inset(across(a)),
    inset(up(b)),
    Math.min(LEVELS - 1, level(target) * LEVELS),
  ]);
  return { kind: "scatter", rows: [], points };
}

/** @param {number[]} values */
function scaleOf(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return (/** @type {number} */ value) => (high > low ? (value - low) / (high - low) : 0.5);
}

/** @param {number} share */
function inset(share) {
  return MARGIN + share * (1 - 2 * MARGIN);
}
