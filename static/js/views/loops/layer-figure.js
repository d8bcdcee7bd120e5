/** A quantity of all layers over the records as pixels: a row a layer, a column a place on the axis. */

import { colorMap } from "../drawing/color-scale.js";
import { shadeOf } from "../drawing/palette.js";
import { boundsOf, scaleOf } from "./quantities.js";

/**
 * @typedef {import("../../state/loops/record.js").Record} Record
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 *
 * @typedef {object} LayerFigure
 * @property {number} columns
 * @property {number} rows
 * @property {Uint32Array<ArrayBuffer>} pixels  [rows, columns] from the top; 0, which is transparent, where nothing is known
 * @property {Int32Array} records  of each column the record that it shows; −1 for none
 * @property {ColorMap | null} colors  null where no number is known
 * @property {boolean} isBroken  whether a number is not finite
 */

/**
 * @param {Record} record
 * @param {string} quantity
 * @param {object} frame
 * @param {number[]} frame.layers  those that are shown, by their indices
 * @param {ArrayLike<number>} frame.places  of the records on the axis
 * @param {[number, number]} frame.domain  of the axis
 * @param {number} frame.columns
 * @param {import("../drawing/palette.js").Palette} palette
 * @returns {LayerFigure}
 */
export function layerFigure(record, quantity, { layers, places, domain, columns }, palette) {
  const rows = layers.length;
  const pixels = new Uint32Array(rows * columns);
  const records = recordsOf(places, domain, columns);
  const column = record.column(`layers.${quantity}`);
  if (column === null) return { columns, rows, pixels, records, colors: null, isBroken: false };
  const { data, width } = column;
  const colors = colorsOf(quantity, data);
  let isBroken = false;
  layers.forEach((layer, row) => {
    for (let x = 0; x < columns; x += 1) {
      if (records[x] < 0 || layer >= width) continue;
      const value = shownAs(quantity, record, layer, data[records[x] * width + layer]);
      if (Number.isNaN(value)) continue;
      const breaks = !Number.isFinite(value) || (quantity === "non_finite" && value > 0);
      isBroken ||= breaks;
      if (breaks) pixels[row * columns + x] = palette.diverged;
      else if (colors !== null) pixels[row * columns + x] = shadeOf(palette, colors, value);
    }
  });
  return { columns, rows, pixels, records, colors, isBroken };
}

/**
 * Zeros are drawn as the share of all numbers of a layer.
 *
 * @param {string} quantity
 * @param {Record} record
 * @param {number} layer
 * @param {number} value
 */
function shownAs(quantity, { layers }, layer, value) {
  return quantity === "zeros" ? value / Math.max(1, layers[layer]?.numel ?? 1) : value;
}

/**
 * @param {string} quantity
 * @param {ArrayLike<number>} data
 */
function colorsOf(quantity, data) {
  const bounds = boundsOf(quantity);
  if (bounds !== null) return data.length === 0 ? null : colorMap(bounds, "linear");
  return colorMap(quantity === "non_finite" ? [0, 1] : data, scaleOf(quantity));
}

/**
 * The record of each column: the last one that lies before its end.
 *
 * @param {ArrayLike<number>} places
 * @param {[number, number]} domain
 * @param {number} columns
 */
export function recordsOf(places, [from, to], columns) {
  const records = new Int32Array(columns).fill(-1);
  let at = -1;
  for (let x = 0; x < columns; x += 1) {
    const end = from + ((x + 1) / columns) * (to - from);
    while (at + 1 < places.length && places[at + 1] <= end) at += 1;
    records[x] = at >= 0 && places[places.length - 1] >= from + (x / columns) * (to - from) ? at : -1;
  }
  return records;
}

/**
 * The values of one layer, a number a record.
 *
 * @param {Record} record
 * @param {string} quantity
 * @param {number} layer
 * @returns {Float64Array}
 */
export function layerValues(record, quantity, layer) {
  const column = record.column(`layers.${quantity}`);
  if (column === null || layer >= column.width) return new Float64Array(0);
  const { data, width } = column;
  return Float64Array.from({ length: data.length / width }, (_, i) => data[i * width + layer]);
}

/**
 * The layers whose name or kind holds some words.
 *
 * @param {import("../../wire.d.ts").Layer[]} layers
 * @param {string} words
 * @returns {number[]}
 */
export function layersWith(layers, words) {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return layers.flatMap(({ name, module }, i) => {
    const text = `${name} ${module ?? ""}`.toLowerCase();
    return wanted.every((word) => text.includes(word)) ? [i] : [];
  });
}
