/** The loss on a grid as pixels: between grid points the place on the colour scale is interpolated in both directions. */

/**
 * @typedef {object} Field
 * @property {ArrayLike<number>} values  [rows, columns] places on the colour scale; NaN where there is no loss
 * @property {number} columns
 * @property {number} rows
 * @property {[number, number]} domain  of the places
 */

/** Without colour: a grid point around it has no loss. */
const NOTHING = 0;

/**
 * @param {Field} field  its first row at the bottom
 * @param {Uint32Array} colors  from one end of the domain to the other
 * @param {number} width  of the picture, whose outermost pixels lie within the outermost grid points
 * @param {number} height
 * @returns {Uint32Array<ArrayBuffer>}  [height, width] from the top
 */
export function pixelsOf({ values, columns, rows, domain }, colors, width, height) {
  const pixels = new Uint32Array(width * height);
  const across = between(width, columns);
  const up = between(height, rows);
  const line = new Float64Array(columns);
  const scale = (colors.length - 1) / (domain[1] - domain[0]);
  for (let row = 0; row < height; row += 1) {
    const at = height - 1 - row;
    const below = up.first[at] * columns;
    const part = up.part[at];
    for (let c = 0; c < columns; c += 1)
      line[c] = (values[below + c] * (1 - part) + values[below + columns + c] * part - domain[0]) * scale;
    for (let column = 0, to = row * width; column < width; column += 1, to += 1) {
      const c = across.first[column];
      const place = line[c] * (1 - across.part[column]) + line[c + 1] * across.part[column];
      pixels[to] = place === place ? colors[Math.round(place)] : NOTHING;
    }
  }
  return pixels;
}

/**
 * @param {number} pixels  along one side
 * @param {number} points  of the grid along it
 * @returns {{first: Uint32Array, part: Float64Array}}  for each pixel the grid point before it, and the way to the next
 */
function between(pixels, points) {
  const first = new Uint32Array(pixels);
  const part = new Float64Array(pixels);
  for (let i = 0; i < pixels; i += 1) {
    const at = ((i + 0.5) / pixels) * (points - 1);
    first[i] = Math.min(Math.floor(at), points - 2);
    part[i] = at - first[i];
  }
  return { first, part };
}
