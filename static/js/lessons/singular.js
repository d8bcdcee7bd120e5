/**
 * Singular values by turning pairs of columns until all are at right angles: their lengths are the values then.
 *
 * Hestenes, M. R. (1958). Inversion of matrices by biorthogonalization and related results. J. SIAM 6(1), 51-90.
 */

/** So often all pairs are turned, at most; a few times are enough. */
const SWEEPS = 40;

/** A pair whose cosine is no larger is at right angles. */
const RIGHT = 1e-15;

/**
 * @param {ArrayLike<number>} values  row-major
 * @param {number} rows
 * @param {number} columns
 * @returns {number[]}  the largest first
 */
export function singularValues(values, rows, columns) {
  const sides = Array.from({ length: columns }, (_, j) =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + j]),
  );
  for (let sweep = 0; sweep < SWEEPS && turnAll(sides); sweep += 1);
  const lengths = sides.map((side) => Math.hypot(...side)).sort((a, b) => b - a);
  return lengths.slice(0, Math.min(rows, columns));
}

/**
 * @param {Float64Array[]} sides
 * @returns {boolean}  whether any pair was not at right angles
 */
function turnAll(sides) {
  let turned = false;
  for (let p = 0; p < sides.length; p += 1)
    for (let q = p + 1; q < sides.length; q += 1) turned = turn(sides[p], sides[q]) || turned;
  return turned;
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function turn(a, b) {
  const [aa, bb, ab] = [dot(a, a), dot(b, b), dot(a, b)];
  if (!(Math.abs(ab) > RIGHT * Math.sqrt(aa * bb))) return false;
  const zeta = (bb - aa) / (2 * ab);
  const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const cosine = 1 / Math.hypot(1, tangent);
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i], b[i]];
    a[i] = cosine * (x - tangent * y);
    b[i] = cosine * (tangent * x + y);
  }
  return true;
}

/**
 * @param {Float64Array} a
 * @param {Float64Array} b
 */
function dot(a, b) {
  return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
