/** How runs end before their last step. */

/**
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../../history.js").Ended} Ended
 * @typedef {Pick<import("../types.js").Context, "t" | "say">} Words
 */

/** The ends that are worth a word: to come to the last step is none. */
const TOLD = new Set(["diverged", "failed", "paused", "damaged"]);

/**
 * How a run ended before its last step.
 *
 * @param {Run} run
 * @param {number} step
 * @returns {Ended | null}  null until the step at which it did
 */
export function earlyEnd({ history }, step) {
  const ended = history?.ended ?? null;
  return ended !== null && step >= ended.step && TOLD.has(ended.reason) ? ended : null;
}

/**
 * The step that something happened at: one that failed may have left no record.
 *
 * @param {Ended} ended
 * @returns {number}
 */
export function stepOfEnd({ step, params }) {
  return typeof params?.step === "number" ? params.step : step;
}

/**
 * What happened, in a sentence; without the words of another program, see {@link rawOf}.
 *
 * @param {Ended} ended
 * @param {Words} words
 * @returns {string}
 */
export function tellEnd(ended, { t, say }) {
  const what = partOf(ended);
  if (what === null) return say(ended);
  return t("views.ends.at", { step: stepOfEnd(ended), what: say(what) });
}

/**
 * What the other program said whose error ended a run.
 *
 * @param {Ended} ended
 * @param {Words["say"]} say
 * @returns {string | null}  null if there was no error
 */
export function rawOf(ended, say) {
  if (partOf(ended) === null) return null;
  const why = /** @type {any} */ (ended.params.why);
  return typeof why === "object" ? say(why) : String(why);
}

/**
 * What to change in a run that an error ended.
 *
 * @typedef {{pointer: string, value: number | null}} Mend  value: what the field must be, if that is known
 *
 * @param {Ended | null} ended
 * @returns {Mend | null}  null if it is not known
 */
export function mendOf(ended) {
  const what = ended === null ? null : partOf(ended);
  if (ended === null || what === null) return null;
  return {
    pointer: String(ended.params.pointer),
    value: what.code === "schedule_over" ? what.params.calls : null,
  };
}

/**
 * The part of the run that raised an error.
 *
 * @param {Ended} ended
 * @returns {{detail: string, code: string, params: any} | null}  null if the run ended otherwise
 */
function partOf({ code, params }) {
  return code === "failed" ? /** @type {any} */ (params.what) : null;
}
