/**
 * The edge of trainability: the rate of one layer by the rate of another, in a window that gets finer and finer.
 */

import { configsOf } from "../configs.js";
import { layerNames } from "../layers.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Problem} Problem
 * @typedef {import("../types.js").Window} Window
 * @typedef {import("./request.js").Ask} Ask
 * @typedef {[number, number]} Side  the least and the greatest rate
 * @typedef {{across: string, up: string}} Layers  whose rates are varied
 */

/** Where one begins, and to where one may go. */
const WHOLE = /** @type {Side} */ ([1e-2, 1e3]);
const BOUNDS = /** @type {Side} */ ([1e-9, 1e9]);

/** Rates that differ by less than this part lie at equal differences; the others at equal ratios. */
const NARROW = 1e-3;

/** Neighbouring cells of which a number format tells at least so many numbers apart. */
const STEPS_BETWEEN = 4;
const EPSILON_32 = 2 ** -24;
const EPSILON_64 = 2 ** -52;

/** @param {State} state @returns {Window} */
export function edgeWindow({ edge: { window } }) {
  const isFit = window?.flat().every((rate) => rate > 0) ?? false;
  return isFit ? /** @type {Window} */ (window) : [[...WHOLE], [...WHOLE]];
}

/** What may have a rate of its own: the layers, or the parts of the only one. @param {State} state */
export function ratedParts({ hidden }) {
  const layers = layerNames(hidden);
  return layers.length > 1 ? layers : [`${layers[0]}.weight`, `${layers[0]}.bias`];
}

/** The first layer and the last, unless others are chosen. @param {State} state @returns {Layers} */
export function ratedLayers(state) {
  const parts = ratedParts(state);
  const { x, y } = state.edge;
  const across = parts[x ?? 0] ?? parts[0];
  const up = parts[y ?? parts.length - 1] ?? parts[parts.length - 1];
  return across === up ? { across, up: parts.find((part) => part !== across) ?? up } : { across, up };
}

/**
 * @param {State} state
 * @param {Problem} problem  that a network learns
 * @param {number} count  of cells along each side
 * @returns {Ask}  a sweep of the run that is selected
 */
export function edgeAsk(state, problem, count) {
  const at = Math.max(
    0,
    state.runs.findIndex(({ slot }) => slot === state.selected),
  );
  const config = configsOf(state, problem)[at];
  const { across, up } = ratedLayers(state);
  const window = edgeWindow(state);
  const given = /** @type {any[]} */ (config.optimizer.param_groups ?? []);
  const groups = ratedParts(state).map((part) => {
    const own = given.find(({ params }) => params.includes(part)) ?? {};
    const side = [across, up].indexOf(part);
    return { ...own, params: [part], ...(side >= 0 && { lr: window[side][0] }) };
  });
  const optimizer = { ...config.optimizer, param_groups: groups };
  const axes = [across, up].map((part, i) => {
    const place = groups.findIndex(({ params }) => params[0] === part);
    return axisOf(`/optimizer/param_groups/${place}/lr`, window[i], count);
  });
  const dtype = needsDouble(window, count) ? /** @type {const} */ ("float64") : config.dtype;
  return { body: { run: { ...config, optimizer, dtype }, axes }, slots: [state.runs[at].slot] };
}

/**
 * @param {string} path
 * @param {Side} side
 * @param {number} count
 * @returns {import("./axis.js").Range}
 */
function axisOf(path, [from, to], count) {
  return { path, from, to, count, scale: isNarrow([from, to]) ? "linear" : "log" };
}

/** @param {Side} side */
export function isNarrow([low, high]) {
  return high / low - 1 < NARROW;
}

/** By which part of itself a rate differs from that of the next cell. @param {Side} side @param {number} count */
export function spacing([low, high], count) {
  return (isNarrow([low, high]) ? (high - low) / high : Math.log(high / low)) / (count - 1);
}

/** Whether float32 no longer tells the rates of neighbouring cells apart. @param {Window} window @param {number} count */
export function needsDouble(window, count) {
  return window.some((side) => spacing(side, count) < STEPS_BETWEEN * EPSILON_32);
}

/** Whether this is as deep as float64 goes. @param {Window} window @param {number} count */
export function isDeepest(window, count) {
  return window.some((side) => spacing(side, count) < 1.01 * STEPS_BETWEEN * EPSILON_64);
}

/** A rate within a side. @param {Side} side @param {number} part  of the way from the least to the greatest */
export function rateAt([low, high], part) {
  return isNarrow([low, high]) ? low + part * (high - low) : low * (high / low) ** part;
}

/** Where a rate lies within a side, or beyond it. @param {Side} side @param {number} rate */
export function partOf([low, high], rate) {
  return isNarrow([low, high]) ? (rate - low) / (high - low) : Math.log(rate / low) / Math.log(high / low);
}

/**
 * The window with another width around a place that stays where it is.
 *
 * @param {Window} window
 * @param {number} factor  below 1 to see less, and that larger; infinite for all that there is
 * @param {{across: number, up: number}} at  in parts of the window
 * @param {number} count  of cells along each side: how deep it can go
 * @returns {Window}
 */
export function zoomed(window, factor, { across, up }, count) {
  if (factor === Infinity) return [[...WHOLE], [...WHOLE]];
  return /** @type {Window} */ (window.map((side, i) => zoomedSide(side, factor, [across, up][i], count)));
}

/** @param {Side} side @param {number} factor @param {number} part @param {number} count @returns {Side} */
function zoomedSide([low, high], factor, part, count) {
  const rate = rateAt([low, high], part);
  const least = STEPS_BETWEEN * EPSILON_64 * high * (count - 1);
  if (isNarrow([low, high]) && (high / low - 1) * factor < NARROW) {
    const width = Math.max(least, (high - low) * factor);
    return [rate - part * width, rate + (1 - part) * width];
  }
  const decades = Math.log(high / low) * factor;
  return within([rate * Math.exp(-part * decades), rate * Math.exp((1 - part) * decades)]);
}

/** @param {Side} side @returns {Side} */
function within([low, high]) {
  return [
    Math.max(BOUNDS[0], Math.min(low, BOUNDS[1] / 2)),
    Math.min(BOUNDS[1], Math.max(high, 2 * BOUNDS[0])),
  ];
}

/**
 * The window beside it.
 *
 * @param {Window} window
 * @param {number} across  in parts of its width
 * @param {number} up
 * @returns {Window}
 */
export function panned(window, across, up) {
  const by = [across, up];
  return /** @type {Window} */ (
    window.map((side, i) => within([rateAt(side, by[i]), rateAt(side, 1 + by[i])]))
  );
}

/**
 * A box of cells as a window, no finer than float64 can tell.
 *
 * @param {Window} window
 * @param {{from: {column: number, row: number}, to: {column: number, row: number}}} box
 * @param {number} count
 * @returns {Window}
 */
export function boxed(window, { from, to }, count) {
  const part = (/** @type {number} */ a, /** @type {number} */ b) =>
    /** @type {Side} */ ([Math.min(a, b) / count, (Math.max(a, b) + 1) / count]);
  const [across, up] = [part(from.column, to.column), part(from.row, to.row)];
  const factor = Math.max(across[1] - across[0], up[1] - up[0]);
  const middle = { across: (across[0] + across[1]) / 2, up: (up[0] + up[1]) / 2 };
  const about = (/** @type {number} */ at) => (factor < 1 ? (at - factor / 2) / (1 - factor) : 0.5);
  return zoomed(window, factor, { across: about(middle.across), up: about(middle.up) }, count);
}
