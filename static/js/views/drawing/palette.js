/** Numbers as colours of pixels. */

import { channels, mix } from "./shade.js";

/**
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
 * Some pixels from one colour on the way to another.
 *
 * @param {string} base  "#rrggbb"
 * @param {string} other
 * @param {number} part  of the way that the last one has gone
 * @param {number} count
 */
export function rampOf(base, other, part, count) {
  return Uint32Array.from({ length: count }, (_, i) => pixel(mix(base, other, (part * i) / (count - 1))));
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
 * The shade of a number.
 *
 * @param {Palette} palette
 * @param {import("./color-scale.js").ColorMap} colors
 * @param {number} value
 */
export function shadeOf({ shades }, { position, domain: [low, high] }, value) {
  const part = (position(value) - low) / (high - low);
  return shades[Math.max(0, Math.min(SHADES - 1, Math.round(part * (SHADES - 1))))];
}
