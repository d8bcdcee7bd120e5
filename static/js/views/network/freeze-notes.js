/** What freezing does to the layers at a record, in sentences: what is frozen, what moves all the same, what has thawed. */

import { driftNote, tellThaw } from "../drawing/freeze-words.js";
import { isHeld, kindOf, layerKind, stepOf, thawOf } from "../drawing/frozen.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../history.js").Layer} Layer
 * @typedef {import("./network-figure.js").Note} Note
 * @typedef {(value: number) => string} Format
 */

/**
 * @param {History} history
 * @param {number} record
 * @param {Format} format
 * @returns {Note[]}
 */
export function freezeNotes(history, record, format) {
  const own = history.layers.flatMap((layer) => layerNotes(history, layer, record, format));
  return [...own, ...flowNotes(history, record, format)];
}

/**
 * @param {History} history
 * @param {Layer} layer
 * @param {number} record
 * @param {Format} format
 * @returns {Note[]}
 */
function layerNotes(history, layer, record, format) {
  const k = stepOf(history, record);
  const kind = layerKind(history, layer, record);
  const params = { layer: layer.name };
  if (kind === "none") return [{ key: "views.network.none", params, kind: "plain" }];
  if (kind === "frozen") {
    const isNone = layer.parameters.every((name) => history.grad(name, k) === null);
    return [{ key: isNone ? "views.network.frozen" : "views.network.frozenWithGrad", params, kind }];
  }
  if (kind === "drifts") {
    const name = layer.parameters.find((one) => kindOf(history, one, k) === "drifts") ?? "";
    const { key, params: why } = driftNote(history, name, k);
    return [{ key, params: { ...why, ...params }, kind }];
  }
  if (kind === "thaws") return [thawNote(history, layer, k, format)];
  return layer.parameters
    .filter((name) => kindOf(history, name, k) === "frozen")
    .map((name) => ({ key: "views.network.frozen", params: { layer: name }, kind: "frozen" }));
}

/**
 * @param {History} history
 * @param {Layer} layer
 * @param {number} k
 * @param {Format} format
 * @returns {Note}
 */
function thawNote(history, { name, parameters }, k, format) {
  const thawed = parameters.filter((one) => thawOf(history, one, k) !== null);
  return { ...tellThaw(history, thawed, name, k, format), kind: "thaws" };
}

/**
 * Where the gradient goes that passes through frozen layers: to the layer before them that trains, or no further.
 *
 * @param {History} history
 * @param {number} record
 * @param {Format} format
 * @returns {Note[]}
 */
function flowNotes(history, record, format) {
  const k = stepOf(history, record);
  const held = history.layers.map((layer) => isHeld(history, layer, record));
  const kind = /** @type {const} */ ("frozen");
  /** @type {Note[]} */
  const notes = [];
  history.layers.forEach((layer, i) => {
    const end = held.indexOf(false, i + 1);
    if (held[i] || end === i + 1 || i + 1 === held.length) return;
    const through = history.layers.slice(i + 1, end < 0 ? undefined : end).map(({ name }) => name);
    const norm = layerGradientNorm(history, layer.parameters, k);
    if (norm === null) return;
    const key = norm > 0 ? "views.network.flows" : "views.network.blocked";
    notes.push({ key, params: { layers: through, layer: layer.name, norm: format(norm) }, kind });
  });
  const first = held.indexOf(false);
  if (first > 0 && !held.every(Boolean))
    notes.unshift({ key: "views.network.stops", params: { layer: history.layers[first].name }, kind });
  return notes;
}

/**
 * @param {History} history
 * @param {string[]} names
 * @param {number} record
 * @returns {number | null} null where there is no gradient
 */
export function layerGradientNorm(history, names, record) {
  const gradients = names.flatMap((name) => {
    const gradient = history.grad(name, record);
    return gradient === null ? [] : [...gradient];
  });
  return gradients.length === 0 ? null : Math.hypot(...gradients);
}
