/** What is said of something that is frozen and moves all the same, and of something that has just thawed. */

import { shortName } from "../../state/labels.js";
import { driftOf, frozenSince, thawOf, timesPlain } from "./frozen.js";
import { optimizerOf } from "./parameters.js";

/** @typedef {import("../../history.js").History} History */

/**
 * Why something frozen moved.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 */
export function driftNote(history, name, k) {
  const optimizer = shortName(optimizerOf(history, name).name);
  const step = frozenSince(history, name, k) ?? 0;
  return { key: `views.freeze.drift.${driftOf(history, name, k)}`, params: { layer: name, optimizer, step } };
}

/**
 * The first step after a thaw, beside −lr · .grad.
 *
 * @param {History} history
 * @param {string[]} names  of the parameters that have thawed
 * @param {string} layer  what they are called
 * @param {number} k
 * @param {(value: number) => string} format
 */
export function tellThaw(history, names, layer, k, format) {
  const { step, since, kept } = /** @type {import("./frozen.js").Thaw} */ (thawOf(history, names[0], k));
  const times = timesPlain(history, names, step);
  const said = !Number.isFinite(times) ? "flat" : since === null ? "fresh" : "kept";
  return {
    key: `views.freeze.thaw.${said}`,
    params: { layer, step, times: format(times), keys: kept, since: since ?? 0 },
  };
}
