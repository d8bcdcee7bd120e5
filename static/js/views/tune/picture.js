/**
 * The cells of a map as pixels, one for each.
 */

import { channels, mix } from "../drawing/shade.js";
import { STATES } from "./field.js";

/**
 * @typedef {import("./field.js").Field} Field
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 *
 * @typedef {object} Palette
 * @property {Uint32Array} shades  from the lowest number to the highest
 * @property {number} diverged
 * @property {number} none  there is no such number
 */

const SHADES = 256;

/**
 * @param {{surface: [number, string][], diverged: string, none: string}} colors  "#rrggbb"
 * @returns {Palette}
 */
export function paletteOf({ surface, diverged, none }) {
  const shades = Uint32Array.from({ length: SHADES }, (_, i) => pixel(colorAt(surface, i / (SHADES - 1))));
  return { shades, diverged: pixel(diverged), none: pixel(none) };
}

/**
 * @param {[number, string][]} stops
 * @param {number} part  of the way from the first to the last
 * @returns {string}
 */
export function colorAt(stops, part) {
  const after = Math.max(
    1,
    stops.findIndex(([at]) => at >= part),
  );
  const [[from, low], [to, high]] = [stops[after - 1], stops[after]];
  return mix(low, high, (part - from) / (to - from));
}

/**
 * @param {string} color  "#rrggbb"
 * @returns {number}  as a picture holds it
 */
export function pixel(color) {
  const [red, green, blue] = channels(color);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/**
 * @param {Field} field
 * @param {ColorMap | null} colors  null where no cell has a number
 * @param {Palette} palette
 * @returns {Uint32Array<ArrayBuffer>}  [rows, columns] from the top; 0, which is transparent, where nothing is known yet
 */
export function pixelsOf({ columns, rows, values, states }, colors, palette) {
  const pixels = new Uint32Array(columns * rows);
  const [low, high] = colors?.domain ?? [0, 1];
  const scale = (SHADES - 1) / (high - low);
  for (let row = 0; row < rows; row += 1) {
    const to = (rows - 1 - row) * columns;
    for (let column = 0; column < columns; column += 1) {
      const at = row * columns + column;
      const state = states[at];
      if (state === STATES.diverged) pixels[to + column] = palette.diverged;
      else if (state === STATES.none) pixels[to + column] = palette.none;
      else if (state !== STATES.nothing && colors !== null)
        pixels[to + column] = palette.shades[shadeOf(colors.position(values[at]), low, scale)];
    }
  }
  return pixels;
}

/**
 * @param {number} position
 * @param {number} low
 * @param {number} scale
 */
function shadeOf(position, low, scale) {
  return Math.max(0, Math.min(SHADES - 1, Math.round((position - low) * scale)));
}
