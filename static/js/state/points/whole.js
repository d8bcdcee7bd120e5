/**
 * Points with what a config may leave out of them, as the server fills it in.
 */

/** @typedef {import("../types.js").Points} Points */

const HELD_OUT = 0.25;

/**
 * @param {{x: number[][], y: number[]} & {[name in "loss" | "held_out" | "standardize"]?: Points[name] | null}} given
 * @returns {Points}
 */
export function wholePoints({ x, y, loss, held_out: heldOut, standardize }) {
  const kind = loss ?? lossOf(y);
  return { x, y, loss: kind, held_out: heldOut ?? HELD_OUT, standardize: standardize ?? false };
}

/**
 * @param {number[]} y
 * @returns {Points["loss"]}  that of labels, where they are 0 and 1 and both are there
 */
function lossOf(y) {
  const isOfLabels = y.includes(0) && y.includes(1) && y.every((value) => value === 0 || value === 1);
  return isOfLabels ? "binary_cross_entropy_with_logits" : "mse_loss";
}
