/** The drawing of a network as plain data: where its units and weights lie, and how they look at a record. */

import { formatNumber } from "../drawing/numbers.js";
import { freezeNotes } from "./freeze-notes.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./relu.js").Activity} Activity
 * @typedef {import("../types.js").Data} Data
 *
 * @typedef {object} Unit
 * @property {number} column  0 for the inputs
 * @property {number} index  within its layer
 * @property {number} x
 * @property {number} y
 *
 * @typedef {object} Edge  one weight
 * @property {string} layer
 * @property {number} row  the unit it leads to
 * @property {number} column  the unit it comes from
 * @property {number} index  in the flat weight
 * @property {number} x1
 * @property {number} y1
 * @property {number} x2
 * @property {number} y2
 * @property {{x: number, y: number}} label  where its number stands
 *
 * @typedef {object} LayerBox  the part of the drawing that a layer's parameters take
 * @property {string} name
 * @property {number} left
 * @property {number} right
 * @property {number} total  units
 * @property {number} shown  units that are drawn
 *
 * @typedef {object} Blueprint
 * @property {number} width
 * @property {number} height
 * @property {number} radius  of a unit
 * @property {Unit[]} units
 * @property {Edge[]} edges
 * @property {LayerBox[]} layers
 * @property {boolean} labelled  whether there is room for the number on each edge
 *
 * @typedef {object} Note  a sentence, as a message and its parameters
 * @property {string} key
 * @property {import("../../languages/translator.js").Params} params
 * @property {"frozen" | "drifts" | "thaws" | "dead" | "plain"} kind
 */

/** More units than this in one layer are not drawn. */
const MOST_UNITS = 12;

/** More edges than this leave no room for numbers. */
const MOST_LABELS = 14;

/** Half of the longest number on an edge, and a little more, in pixels: so far it keeps from the units. */
const LABEL_ROOM = 26;

/** Where on an edge its number stands: nearer to where it comes from, so that crossing edges keep theirs apart. */
const LABEL_AT = 0.3;

const LARGEST_RADIUS = 15;
const SIDE = 28;

/** Pixels between the units of a column, at the most. */
const FARTHEST_UNITS = 72;

/**
 * Whether parameters can be those of linear layers, one behind the other: of a loop that is not ours nothing else is known
 * of its network.
 *
 * @param {Pick<History, "layers" | "names" | "shapes">} history
 */
export function isChain({ layers, names, shapes }) {
  const weights = layers.map(({ name }) => shapes[`${name}.weight`] ?? []);
  const fits = layers.every(({ name, parameters }, i) => {
    const [weight, bias] = [weights[i], shapes[`${name}.bias`] ?? []];
    const isLinear = parameters.length === 2 && weight.length === 2 && String(bias) === String(weight[0]);
    return isLinear && (i === 0 || weight[1] === weights[i - 1][0]);
  });
  return layers.length > 0 && names.length === 2 * layers.length && fits;
}

/**
 * @param {History} history
 * @param {{width: number, height: number}} size
 * @returns {Blueprint}
 */
export function blueprint(history, { width, height }) {
  const names = history.layers.map(({ name }) => name);
  const shapes = names.map((name) => history.shapes[`${name}.weight`]);
  const widths = [shapes[0][1], ...shapes.map(([units]) => units)];
  const shown = widths.map(shownUnits);
  const spacing = height / Math.max(2, ...shown.map((indices) => indices.length));
  const radius = Math.max(3, Math.min(LARGEST_RADIUS, 0.34 * spacing));
  const gap = (width - 2 * SIDE) / (widths.length - 1);
  const units = shown.flatMap((indices, column) =>
    indices.map((index, i) => ({
      column,
      index,
      x: SIDE + gap * column,
      y: height / 2 + (i - (indices.length - 1) / 2) * Math.min(height / indices.length, FARTHEST_UNITS),
    })),
  );
  const edges = names.flatMap((layer, i) => layerEdges(layer, widths[i], units, i, radius));
  const layers = names.map((name, i) => ({
    name,
    left: SIDE + gap * i + radius + 3,
    right: SIDE + gap * (i + 1) + radius + 3,
    total: widths[i + 1],
    shown: shown[i + 1].length,
  }));
  return {
    width,
    height,
    radius,
    units,
    edges,
    layers,
    labelled: edges.length <= MOST_LABELS && gap - 2 * radius >= 2 * LABEL_ROOM,
  };
}

/**
 * @param {number} total
 * @returns {number[]} the first ones and the last
 */
function shownUnits(total) {
  if (total <= MOST_UNITS) return Array.from({ length: total }, (_, i) => i);
  return [...Array.from({ length: MOST_UNITS - 1 }, (_, i) => i), total - 1];
}

/**
 * @param {string} layer
 * @param {number} inputs
 * @param {Unit[]} units
 * @param {number} column
 * @param {number} radius
 * @returns {Edge[]}
 */
function layerEdges(layer, inputs, units, column, radius) {
  const from = units.filter((unit) => unit.column === column);
  const to = units.filter((unit) => unit.column === column + 1);
  return to.flatMap((target) =>
    from.map((source) => {
      const ends = { x1: source.x + radius, y1: source.y, x2: target.x - radius, y2: target.y };
      return {
        layer,
        row: target.index,
        column: source.index,
        index: target.index * inputs + source.index,
        ...ends,
        label: labelPlace(ends),
      };
    }),
  );
}

/** @param {Pick<Edge, "x1" | "y1" | "x2" | "y2">} ends */
function labelPlace({ x1, y1, x2, y2 }) {
  const part = Math.max(LABEL_AT, LABEL_ROOM / (x2 - x1));
  return { x: x1 + part * (x2 - x1), y: y1 + part * (y2 - y1) };
}

/** Weights more than this many times the largest initial one are drawn no wider. */
const GROWTH = 6;

/** @type {WeakMap<History, {length: number, largest: number}>} */
const largestWeights = new WeakMap();

/**
 * The absolute weight that is drawn widest: the same for all records, so that widths can be compared over time.
 *
 * @param {History} history
 */
export function weightScale(history) {
  const known = largestWeights.get(history) ?? { length: 0, largest: 0 };
  if (known.length < history.length) {
    const first = Math.max(...history.names.map((name) => largestOf(history.param(name, 0))));
    for (const name of history.names) {
      const values = history.paramColumn(name);
      const width = values.length / history.length;
      const largest = largestOf(values.subarray(known.length * width));
      known.largest = Math.max(known.largest, Math.min(largest, GROWTH * first));
    }
    known.length = history.length;
    largestWeights.set(history, known);
  }
  return known.largest || 1;
}

/**
 * The absolute gradient that is drawn widest: the largest of this record.
 *
 * @param {History} history
 * @param {number} record
 */
export function gradientScale(history, record) {
  return Math.max(0, ...history.names.map((name) => largestOf(history.grad(name, record) ?? []))) || 1;
}

/**
 * The absolute value that a matrix has in full colour: the largest of this record, since matrices that start near zero
 * grow a hundredfold.
 *
 * @param {History} history
 * @param {number} record
 */
export function valueScale(history, record) {
  return Math.max(0, ...history.names.map((name) => largestOf(history.param(name, record)))) || 1;
}

/** @param {ArrayLike<number>} values */
function largestOf(values) {
  let largest = 0;
  for (let i = 0; i < values.length; i += 1) {
    const size = Math.abs(values[i]);
    if (size > largest && size < Infinity) largest = size;
  }
  return largest;
}

/**
 * What an edge or a unit shows at a record.
 *
 * @param {History} history
 * @param {string} name  of the parameter
 * @param {number} index
 * @param {number} record
 * @param {Data["network"]} mode
 * @returns {number | null} null where `.grad` is None
 */
export function shownValue(history, name, index, record, mode) {
  if (mode === "weights") return history.param(name, record)[index];
  return history.grad(name, record)?.[index] ?? null;
}

/**
 * A number short enough for its place on an edge, with its sign; the whole of it is in the table and under the pointer.
 *
 * @param {number} value
 */
export function shortNumber(value) {
  const size = Math.abs(value);
  if (size === 0 || !Number.isFinite(value)) return formatNumber(value);
  const decimals = size < 10 ? 2 : size < 100 ? 1 : 0;
  const isPlain = size >= 0.0095 && size < 999.5;
  const text = isPlain ? size.toFixed(decimals) : size.toExponential(0).replace("e+", "e");
  return (value < 0 ? "−" : "+") + text.replace("-", "−");
}

/**
 * What is to be said about the network at a record.
 *
 * @param {History} history
 * @param {number} record
 * @param {Activity[]} activity
 * @param {(value: number) => string} format
 * @returns {Note[]}
 */
export function notes(history, record, activity, format) {
  return [...freezeNotes(history, record, format), ...deadNotes(activity)];
}

/**
 * @param {Activity[]} activity
 * @returns {Note[]}
 */
function deadNotes(activity) {
  const kind = /** @type {const} */ ("dead");
  const dead = activity
    .map(({ layer, active }) => ({
      layer,
      total: active.length,
      count: active.filter((samples) => samples === 0).length,
    }))
    .filter(({ count }) => count > 0);
  if (dead.length === 0) return [];
  if (dead.length === 1) return [{ key: "views.network.dead", params: dead[0], kind }];
  const layers = dead.map(({ layer, count, total }) => `${layer}\u00a0${count}/${total}`);
  return [{ key: "views.network.deadLayers", params: { layers }, kind }];
}
