/**
 * The numbers of a lesson's text, as the runs have them.
 */

import { valueOf } from "./quantity.js";

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("../wire.d.ts").LessonNumber} LessonNumber
 */

const MINUS = "\u2212";

/**
 * @param {LessonNumber} number
 * @param {History[]} histories  of the runs, in their order
 * @returns {string | null}  the number of the run, written as the text writes its own; null where it has none
 */
export function shownNumber({ shown, run, quantity, step }, histories) {
  const history = histories[run];
  if (history === undefined || history.isEmpty) return null;
  const value = valueOf(history, quantity, /** @type {any} */ (step));
  if (typeof value === "string") return value;
  return typeof value === "number" ? alike(value, shown) : null;
}

/**
 * A number with as many digits as another one is written with.
 *
 * @param {number} value
 * @param {string} shown  such as −0.25, 1.2e-7 or 40
 */
function alike(value, shown) {
  const [mantissa, exponent] = shown.split(/e/i);
  const digits = mantissa.split(".")[1]?.length ?? 0;
  const text = exponent === undefined ? value.toFixed(digits) : value.toExponential(digits);
  return (Number(text) === 0 ? text.replace("-", "") : text).replace("-", MINUS).replace("e-", `e${MINUS}`);
}
