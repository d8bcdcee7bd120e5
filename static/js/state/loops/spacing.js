/**
 * How far the records of a watched run are apart, by what was kept of what was asked for.
 */

/**
 * @typedef {{from: number, every: number}} Distance  from which step on records have that distance
 *
 * @typedef {{kind: "every", every: number}
 *   | {kind: "closer", every: number}
 *   | {kind: "thinned", every: number, most: number}
 *   | {kind: "between", least: number, most: number}} Spacing  the same everywhere; closer here and there; thinned where
 *   it is long past; or neither
 */

/**
 * @param {object} record
 * @param {Distance[]} record.distances
 * @param {number} record.last  the last step
 * @param {unknown} [asked]  the distance that the script asked for, as it says
 * @returns {Spacing}
 */
export function spacingOf({ distances, last }, asked) {
  const all = distances.map(({ every }) => every);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  if (all.length === 0) return { kind: "every", every: 1 };
  if (least === most) return { kind: "every", every: least };
  const every = Number(asked);
  if (!all.includes(every)) return { kind: "between", least, most };
  if (most === every) return { kind: "closer", every };
  return isThinned(distances, last, every)
    ? { kind: "thinned", every, most }
    : { kind: "between", least, most };
}

/**
 * Whether records are farther apart than was asked for where they are long past, and nowhere near the end.
 *
 * @param {Distance[]} distances
 * @param {number} last
 * @param {number} asked
 */
function isThinned(distances, last, asked) {
  const end = (/** @type {number} */ k) => distances[k + 1]?.from ?? last;
  const far = distances.flatMap(({ from, every }, k) => (every > asked ? [{ from, to: end(k) }] : []));
  const begin = distances[0].from;
  const until = far[far.length - 1].to;
  const thinned = far.reduce((sum, { from, to }) => sum + to - from, 0);
  return until < last && 2 * thinned > until - begin;
}
