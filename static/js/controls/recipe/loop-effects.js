/**
 * What accumulation, low precision and climbing do to a step, in sentences.
 */

import { TUTORIAL_LOOP } from "../../state/loop.js";

/**
 * @typedef {{key: string, params?: import("../../languages/translator.js").Params}} Message  under `controls.loop.effects`
 *
 * @typedef {object} Setting  what the sentences depend on
 * @property {number | null} samples  of the dataset; null where that is not known yet, or it has none
 * @property {number | null} batch  samples of a pass; null is all
 * @property {"float32" | "float64"} dtype
 */

/**
 * @param {Pick<import("../../state/types.js").Run, "loop" | "clip_grad" | "lr_scheduler" | "optimizer">} run
 * @param {Setting} setting
 * @returns {Message[]}
 */
export function effectsOf({ loop, clip_grad: clip, lr_scheduler: scheduler, optimizer }, setting) {
  const { accumulate, scale_loss: isScaled, autocast, gradient_delay: delay } = { ...TUTORIAL_LOOP, ...loop };
  return [
    ...(accumulate > 1 ? accumulationEffects(accumulate, isScaled, clip !== null, setting) : []),
    ...(accumulate > 1 && scheduler !== null ? [{ key: "schedule" }] : []),
    ...(autocast ? [{ key: setting.dtype === "float64" ? "autocast64" : "autocast" }] : []),
    ...(delay > 0 ? [{ key: "delay", params: { count: delay, bound: stableFor(delay) } }] : []),
    ...(optimizer.hyperparameters.maximize === true ? [{ key: "maximize" }] : []),
  ];
}

/**
 * @param {number} passes
 * @param {boolean} isScaled
 * @param {boolean} clips
 * @param {Setting} setting
 * @returns {Message[]}
 */
function accumulationEffects(passes, isScaled, clips, { samples, batch }) {
  const count = { count: passes };
  return [
    batch === null || (samples !== null && batch >= samples)
      ? { key: "again", params: count }
      : { key: "seen", params: { count: passes, seen: passes * batch, batch } },
    { key: isScaled ? "mean" : "sum", params: count },
    ...(clips ? [{ key: isScaled ? "clipped" : "clippedSum", params: count }] : []),
  ];
}

/**
 * What lr times the largest curvature may be for SGD without momentum whose gradients arrive late: 2 without delay.
 *
 * @param {number} delay
 */
export function stableFor(delay) {
  return String(Number((2 * Math.sin(Math.PI / (4 * delay + 2))).toPrecision(3)));
}
