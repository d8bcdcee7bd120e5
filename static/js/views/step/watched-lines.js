/** What is known of a step of a loop that is not ours, by torch's calls that it must have made. */

import { hasBitten } from "../charts/series.js";
import { leftSaid } from "./step-freezing.js";
import { number, rates } from "./step-words.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("./step-words.js").Line} Line
 */

/**
 * @param {History} history  of a watched run
 * @param {number} k  a step, so not the first record
 * @returns {Line[]}
 */
export function watchedLines(history, k) {
  const loss = history.lossAt(k);
  const norm = history.gradNorm(k);
  return [
    {
      part: "forward",
      code: "watch.loss(loss)",
      said: [
        Number.isNaN(loss)
          ? { key: "unsaid" }
          : { key: "lossOfLoop", params: { step: k, value: number(loss) } },
      ],
    },
    {
      part: "backward",
      code: "loss.backward()",
      said: [
        ...(norm === null || Number.isNaN(norm) ? [] : [{ key: "filled", params: { norm: number(norm) } }]),
        ...leftSaid(history, k),
      ],
    },
    ...clippedLines(history, k),
    { part: "step", code: "optimizer.step()", said: [] },
    ...ratesLines(history, k),
  ];
}

/**
 * @param {History} history
 * @param {number} k
 * @returns {Line[]}
 */
function clippedLines(history, k) {
  const [before, after] = [history.gradNorm(k), history.clippedGradNorm(k)];
  if (before === null || after === null || Number.isNaN(before + after)) return [];
  const params = { before: number(before), after: number(after) };
  const said = [{ key: hasBitten(history, k) ? "clipped" : "unclipped", params }];
  return [{ part: "clip", code: "watch.clipped(clip_grad_norm_(…))", said }];
}

/**
 * The rates of this step and the next, whoever has changed them.
 *
 * @param {History} history
 * @param {number} k
 * @returns {Line[]}
 */
function ratesLines(history, k) {
  if (k + 1 > history.last) return [];
  const params = { from: rates(history, k), to: rates(history, k + 1) };
  const code = history.config.lr_scheduler ? "scheduler.step()" : 'group["lr"]';
  return [{ part: "schedule", code, said: [{ key: "ratesOfGroups", params }] }];
}
