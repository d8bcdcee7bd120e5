/**
 * A dashed line in three dimensions, as Plotly draws it: a line with gaps. Its own dashes are fewer than there are runs.
 */

/** What ends a dash. */
const GAP = [NaN, NaN, NaN];

/**
 * @param {number[][]} points  of the line; one that is not finite breaks it
 * @param {number[]} dash  lengths of dashes and gaps; empty for a solid line
 * @param {(a: number[], b: number[]) => number} distance  in the unit of the dashes
 * @returns {number[][]}
 */
export function dashed(points, dash, distance) {
  if (dash.length === 0) return points;
  /** @type {number[][]} */
  const line = [];
  let [part, left] = [0, dash[0]];
  points.forEach((point, i) => {
    const before = points[i - 1];
    const length = before === undefined ? NaN : distance(before, point);
    if (!Number.isFinite(length)) return line.push(isOn(part) ? point : GAP);
    let at = 0;
    while (length - at > left) {
      at += left;
      const share = at / length;
      const cut = point.map((value, axis) => before[axis] + share * (value - before[axis]));
      line.push(...(isOn(part) ? [cut, GAP] : [cut]));
      part = (part + 1) % dash.length;
      left = dash[part];
    }
    left -= length - at;
    return isOn(part) && line.push(point);
  });
  return line;
}

/** @param {number} part  of a pattern of dashes */
function isOn(part) {
  return part % 2 === 0;
}
