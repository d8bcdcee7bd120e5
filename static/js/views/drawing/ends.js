/** How runs end before their last step. */

/** @typedef {import("../types.js").Run} Run */

/** The ends that are worth a word: to come to the last step is none. */
const TOLD = new Set(["diverged", "failed", "paused"]);

/**
 * How a run ended before its last step.
 *
 * @param {Run} run
 * @param {number} step
 * @returns {import("../../history.js").Ended | null}  null until the step at which it did
 */
export function earlyEnd({ history }, step) {
  const ended = history?.ended ?? null;
  return ended !== null && step >= ended.step && TOLD.has(ended.reason) ? ended : null;
}
