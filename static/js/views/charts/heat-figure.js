/**
 * A tensor over the steps as a picture: a row for each element, a column for each step (or for a few).
 *
 * The colour is that of the square root of the value: state decays over many orders of magnitude, and its small values
 * should be seen beside its large ones.
 */

import { channels } from "../drawing/shade.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../history.js").TypedArray} TypedArray
 *
 * @typedef {object} HeatFigure
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number]} domain  the values that the ends of the colour scale stand for
 * @property {Uint8ClampedArray} pixels  red, green, blue and alpha, row after row; transparent where there is no value
 */

/** Shades of each sign. */
const SHADES = 256;

/**
 * @param {History} history
 * @param {(k: number) => TypedArray | null} valuesAt
 * @param {{rows: number, steps: number, width: number}} frame  steps: of the whole run; width: columns, at most
 * @param {{panel: string, positive: string, negative: string}} colors  "#rrggbb"
 * @returns {HeatFigure}
 */
export function heatFigure(history, valuesAt, { rows, steps, width }, colors) {
  const columns = Math.max(1, Math.min(steps + 1, Math.floor(width)));
  const records = Array.from({ length: columns }, (_, column) =>
    columns === 1 ? 0 : Math.round((column * steps) / (columns - 1)),
  );
  const tensors = records.map((k) => (k >= history.first && k < history.length ? valuesAt(k) : null));
  const domain = domainOf(tensors);
  const shades = {
    positive: shadesOf(colors.panel, colors.positive),
    negative: shadesOf(colors.panel, colors.negative),
  };
  const pixels = new Uint8ClampedArray(4 * rows * columns);
  tensors.forEach((values, column) => {
    for (let row = 0; values !== null && row < rows; row += 1) {
      const part = values[row] / Math.max(-domain[0], domain[1]);
      if (!Number.isFinite(part)) continue;
      const shade = Math.round(Math.sqrt(Math.abs(part)) * (SHADES - 1));
      pixels.set(part < 0 ? shades.negative[shade] : shades.positive[shade], 4 * (row * columns + column));
    }
  });
  return { rows, columns, domain, pixels };
}

/**
 * From zero where all values are on one side of it, else as far to the one side as to the other.
 *
 * @param {(TypedArray | null)[]} tensors
 * @returns {[number, number]}
 */
function domainOf(tensors) {
  let [low, high] = [0, 0];
  for (const values of tensors) {
    if (values === null) continue;
    for (let i = 0; i < values.length; i += 1) {
      const value = values[i];
      if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
    }
  }
  if (low < 0 && high > 0) [low, high] = [-Math.max(-low, high), Math.max(-low, high)];
  return low === high ? [0, 1] : [low, high];
}

/**
 * @param {string} panel
 * @param {string} color
 * @returns {number[][]}
 */
function shadesOf(panel, color) {
  const [none, full] = [channels(panel), channels(color)];
  return Array.from({ length: SHADES }, (_, i) => {
    const part = i / (SHADES - 1);
    return [...none.map((channel, c) => channel + part * (full[c] - channel)), 255];
  });
}
