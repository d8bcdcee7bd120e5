/** What a step says whose gradients arrive late, or whose optimum moves. */

import { driftAt } from "../../state/loop.js";
import { formatNumber } from "../drawing/numbers.js";
import { leftSaid } from "./step-freezing.js";

/**
 * Where the function stands.
 *
 * @param {import("../../state/loop.js").Drift} drift
 * @param {number} step
 */
export function driftedTo(drift, step) {
  const [x, y] = driftAt(drift, step).map((one) => formatNumber(one));
  return { x, y };
}

/**
 * The backward pass whose gradients are sent off, and what arrives in their place.
 *
 * @param {import("../../history.js").History} history
 * @param {number} k
 * @param {import("../../state/loop.js").Loop} loop
 * @param {string} code  of the backward pass
 * @returns {import("./step-words.js").Line[]}
 */
export function lateLines(history, k, loop, code) {
  const { gradient_delay: delay } = loop;
  const begun = loop.restart && loop.restart.step < k ? loop.restart.step : 0;
  const norm = history.gradNorm(k);
  const has = k - begun > delay && norm !== null;
  return [
    { part: "backward", code, said: [{ key: "sentOff", params: { step: k + delay } }] },
    {
      part: "delay",
      code: "p.grad = late.pop(0)",
      said: has
        ? [{ key: "arrived", params: { step: k - delay, norm: formatNumber(norm) } }, ...leftSaid(history, k)]
        : [{ key: "nothingArrived" }],
    },
  ];
}
