/**
 * A curve that goes up and down within a few pixels, drawn so that it can be read: the shade reaches from the lowest to the
 * highest value of neighbouring records, and the line goes through their middle. No value is left out.
 */

/**
 * @typedef {object} Band
 * @property {Float32Array} edges  x, top, bottom, x, top, bottom, …
 * @property {Float32Array} points  x, y, x, y, … of the line
 */

/** Pixels of a bucket of records. */
const BUCKET = 3;

/** Fewer records in a bucket are drawn one by one. */
const FEWEST = 3;

/** A curve that goes more pixels than this to and fro in half of its buckets would be a solid block as a line. */
const TALLEST = 5;

/**
 * @param {number} length  records
 * @param {(index: number) => number} x
 * @param {(index: number) => number} y  not finite where the line breaks
 * @returns {Band | null}  null for a curve that is read as a line
 */
export function bandOf(length, x, y) {
  const size = Math.ceil(BUCKET / Math.abs(x(1) - x(0)));
  if (size < FEWEST || length < 2 * size) return null;
  const buckets = [];
  for (let from = 0; from < length; from += size)
    buckets.push(bucketOf(from, Math.min(length, from + size), y));
  const swings = buckets
    .map(({ top, bottom, back }) => Math.min(bottom - top, back) || 0)
    .sort((a, b) => a - b);
  if (!(swings[Math.floor(swings.length / 2)] > TALLEST)) return null;
  const places = buckets.map(({ from, to }) => (x(from) + x(to - 1)) / 2);
  const edges = buckets.flatMap(({ top, bottom }, i) => [places[i], top, bottom]);
  const points = buckets.flatMap(({ middle }, i) => [places[i], middle]);
  return {
    edges: Float32Array.from(edges),
    points: Float32Array.from([...points, x(length - 1), y(length - 1)]),
  };
}

/**
 * @param {number} from
 * @param {number} to
 * @param {(index: number) => number} y
 * @returns {{from: number, to: number, top: number, bottom: number, middle: number, back: number}}  back: how far it goes in
 *   vain; all NaN where one is not finite
 */
function bucketOf(from, to, y) {
  let [top, bottom, sum, way] = [Infinity, -Infinity, 0, 0];
  for (let k = from; k < to; k += 1) {
    const pixel = y(k);
    if (!Number.isFinite(pixel)) return { from, to, top: NaN, bottom: NaN, middle: NaN, back: NaN };
    top = Math.min(top, pixel);
    bottom = Math.max(bottom, pixel);
    sum += pixel;
    if (k > from) way += Math.abs(pixel - y(k - 1));
  }
  const back = way - Math.abs(y(to - 1) - y(from));
  return { from, to, top, bottom, middle: sum / (to - from), back };
}
