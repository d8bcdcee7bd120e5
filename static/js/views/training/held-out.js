/** The held-out loss of the runs, asked for while the chart of the losses shows it. */

import { describeRefusal } from "../../api/trouble.js";
import { decodeArray } from "../../jsonl.js";
import { saidIn } from "../../languages/translator.js";
import { RunAnswers } from "../drawing/run-answers.js";

/**
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").HeldOut} HeldOut
 *
 * @typedef {object} Answer
 * @property {import("../types.js").Losses | null} losses  null where nothing is held out
 * @property {import("../../languages/translator.js").Said | null} none  why nothing is
 */

export class HeldOutSource {
  #ctx;
  /** @type {RunAnswers<Answer>} */
  #answers;

  /**
   * @param {Context} ctx
   * @param {() => void} onChange  there is something new to show
   */
  constructor(ctx, onChange) {
    this.#ctx = ctx;
    this.#answers = new RunAnswers(
      async (run, signal) => answerOf(await ctx.api.heldOutLoss(run, signal)),
      onChange,
    );
  }

  /** Nobody looks any more. */
  rest() {
    this.#answers.rest();
  }

  /**
   * What is known of the runs by now; null while it is not to be shown.
   *
   * @param {Data} data
   * @returns {HeldOut | null}
   */
  of({ runs, scales }) {
    if (scales.held_out !== "on") {
      this.rest();
      return null;
    }
    const own = runs.filter(({ watched }) => !watched);
    this.#answers.want(own);
    const known = (own.length > 0 ? own : runs).map((run) => ({ run, ...this.#answers.known(run) }));
    const refused = known.find(({ error }) => error !== null);
    const none = known.find(({ answer }) => answer !== null && answer.none !== null)?.answer?.none ?? null;
    return {
      losses: new Map(
        known.flatMap(({ run, answer, stale }) =>
          answer?.losses ? [[run.id, { ...answer.losses, stale }]] : [],
        ),
      ),
      none: none === null ? this.#describe(refused) : this.#ctx.say(none),
      isWaiting: known.some(({ run, answer, stale, error }) => run.history !== null && error === null && (answer === null || stale)), // prettier-ignore
    };
  }

  /** @param {{error: unknown} | undefined} refused */
  #describe(refused) {
    return refused === undefined ? null : describeRefusal(refused.error, this.#ctx);
  }
}

/**
 * @param {import("../../wire.d.ts").RunHeldOutLoss} run
 * @returns {Answer}
 */
function answerOf(run) {
  const { held_out: found } = run;
  const losses = found && { steps: found.steps, values: decodeArray(found.loss).data };
  return { losses, none: saidIn(run, "no_held_out") };
}
