/** What freezing did in a step: to the gradients that `backward()` left alone, and to a parameter. */

import { driftNote, tellThaw } from "../drawing/freeze-words.js";
import { frozenSince, kindOf, thawOf } from "../drawing/frozen.js";
import { formatNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./step-words.js").Said} Said
 * @typedef {"none" | "cut" | "noGrad" | "keepsZero" | "keepsOld"} Left
 */

/**
 * What `backward()` did not fill: layers where it is the whole of them, else parameters.
 *
 * @param {History} history
 * @param {number} k
 * @returns {Said[]}
 */
export function leftSaid(history, k) {
  /** @type {Map<Left, string[]>} */
  const said = new Map();
  for (const { name: layer, parameters } of history.layers) {
    const left = parameters.map((name) => leftBy(history, name, k));
    const isWhole = left.every((one) => one === left[0]);
    const names = isWhole ? [layer] : parameters;
    names.forEach((name, i) => {
      const key = left[i];
      if (key !== null) said.set(key, [...(said.get(key) ?? []), name]);
    });
  }
  return [...said].map(([key, names]) => ({ key, params: { names } }));
}

/**
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Left | null}  null: it filled the `.grad` of this parameter
 */
function leftBy(history, name, k) {
  const isHeld = frozenSince(history, name, k) !== null;
  const grad = history.grad(name, k);
  if (grad === null) return isHeld ? "none" : isCut(history, k) ? "cut" : "noGrad";
  if (!isHeld) return null;
  return grad.every((value) => value === 0) ? "keepsZero" : "keepsOld";
}

/**
 * Whether the graph is cut at a layer in step k, so that others may get no gradient either.
 *
 * @param {History} history
 * @param {number} k
 */
function isCut({ config }, k) {
  return (config.freeze ?? []).some(
    ({ by, from_step: from = 0, to_step: to = null }) =>
      (by === "no_grad" || by === "detach") && from < k && k <= (to ?? Infinity),
  );
}

/**
 * What there is to say of a parameter that is frozen, or has no gradient, or takes its first step after that.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {Said | null}
 */
export function freezeVerdict(history, name, k) {
  const kind = kindOf(history, name, k);
  if (kind === "drifts") return driftNote(history, name, k);
  if (kind === "thaws" && thawOf(history, name, k)?.step === k)
    return tellThaw(history, [name], name, k, (value) => formatNumber(value, 3));
  if (kind === "trains" || kind === "thaws") return null;
  return { key: history.grad(name, k) === null ? "passedOver" : "heldStill", params: { name } };
}
