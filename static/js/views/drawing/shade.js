/** Colours between colours. */

/**
 * @param {string} base  "#rrggbb"
 * @param {string} other
 * @param {number} part  0 gives the first, 1 the second
 * @returns {string} "#rrggbb"
 */
export function mix(base, other, part) {
  const [a, b] = [channels(base), channels(other)];
  return `#${a.map((value, i) => hex(value + part * (b[i] - value))).join("")}`;
}

/**
 * @param {string} color  "#rrggbb"
 * @returns {number[]} red, green and blue, from 0 to 255
 */
export function channels(color) {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}

/** @param {number} value */
function hex(value) {
  return Math.round(value).toString(16).padStart(2, "0");
}
