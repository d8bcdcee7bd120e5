/** What the line plots show. One more plot is one more entry of `SERIES`. */

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("./scales.js").Extent} Extent
 * @typedef {import("./types.js").AxisScale} AxisScale
 *
 * @typedef {object} Series
 * @property {string} key  of its scale in the state
 * @property {string} title  key of the message
 * @property {(history: History, k: number) => number | null} value  of record k; null where there is none
 * @property {AxisScale} scale  the default
 *
 * @typedef {object} Column  the values of a series in one history
 * @property {Float64Array} values
 * @property {number} length
 * @property {Extent} extent  of the finite ones
 */

/** @type {readonly Series[]} */
export const SERIES = Object.freeze([
  { key: "loss", title: "views.series.loss", scale: "log", value: (history, k) => history.lossAt(k) },
  { key: "lr", title: "views.series.lr", scale: "linear", value: (history, k) => history.lr(k) },
  {
    key: "grad_norm",
    title: "views.series.gradNorm",
    scale: "log",
    value: (history, k) => history.gradNorm(k),
  },
]);

/** @type {WeakMap<History, Map<Series, Column>>} */
const columns = new WeakMap();

/**
 * The values of a series, read once: a history only grows.
 *
 * @param {History} history
 * @param {Series} series
 * @returns {Column}
 */
export function columnOf(history, series) {
  const known = columns.get(history) ?? new Map();
  columns.set(history, known);
  const column = known.get(series) ?? {
    values: new Float64Array(256),
    length: 0,
    extent: { min: Infinity, max: -Infinity, minPositive: Infinity },
  };
  known.set(series, column);
  if (history.length > column.values.length) {
    const grown = new Float64Array(Math.max(history.length, 2 * column.values.length));
    grown.set(column.values);
    column.values = grown;
  }
  for (; column.length < history.length; column.length += 1) {
    const value = series.value(history, column.length) ?? NaN;
    column.values[column.length] = value;
    if (Number.isFinite(value)) widen(column.extent, value);
  }
  return column;
}

/**
 * @param {Extent} extent
 * @param {number} value
 */
function widen(extent, value) {
  if (value < extent.min) extent.min = value;
  if (value > extent.max) extent.max = value;
  if (value > 0 && value < extent.minPositive) extent.minPositive = value;
}
