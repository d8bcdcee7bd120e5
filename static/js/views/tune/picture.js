/**
 * The cells of a map as pixels, one for each.
 */

import { shadeOf } from "../drawing/palette.js";
import { BLANK, STATES } from "./field.js";

/**
 * @typedef {import("./field.js").Field} Field
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 * @typedef {import("../drawing/palette.js").Palette} Palette
 */

/**
 * @param {Field} field
 * @param {ColorMap | null} colors  null where no cell has a number
 * @param {Palette} palette
 * @returns {Uint32Array<ArrayBuffer>}  [rows, columns] from the top; 0, which is transparent, where there is nothing
 */
export function pixelsOf({ columns, rows, values, states }, colors, palette) {
  const pixels = new Uint32Array(columns * rows);
  for (let row = 0; row < rows; row += 1) {
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const state = states[at];
      if (state === STATES.diverged) pixels[to + column] = palette.diverged;
      else if (state === STATES.none) pixels[to + column] = palette.none;
      else if (!BLANK.has(state) && colors !== null)
        pixels[to + column] = shadeOf(palette, colors, values[at]);
    }
  }
  return pixels;
}
