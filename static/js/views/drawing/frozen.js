/** When a layer is frozen, as the records show it. */

/** @typedef {import("../../history.js").History} History */

/**
 * Whether no parameter of a layer had a gradient in a step. The first record is before any step: it shows what the next one does.
 *
 * @param {History} history
 * @param {import("../../history.js").Layer} layer
 * @param {number} record
 */
export function isFrozen(history, layer, record) {
  const k = Math.max(history.first + 1, record);
  return k < history.length && layer.parameters.every((name) => history.grad(name, k) === null);
}
