/** The central flow of the selected run, asked for while somebody looks at it. */

import { describeRefusal } from "../api/trouble.js";
import { decodeArray } from "../jsonl.js";
import { saidIn } from "../languages/translator.js";
import { RunAnswers } from "../views/drawing/run-answers.js";

/**
 * @typedef {import("../views/types.js").CentralFlow} CentralFlow
 * @typedef {import("../views/types.js").Context} Context
 * @typedef {import("../views/types.js").Data} Data
 * @typedef {import("../views/types.js").Flow} Flow
 *
 * @typedef {object} Answer
 * @property {CentralFlow | null} found
 * @property {import("../languages/translator.js").Said | null} none  why there is none
 */

export class Flows {
  #ctx;
  /** @type {RunAnswers<Answer>} */
  #answers;

  /**
   * @param {Pick<Context, "api" | "t" | "say">} ctx
   * @param {() => void} onChange  there is something new to show
   */
  constructor(ctx, onChange) {
    this.#ctx = ctx;
    this.#answers = new RunAnswers(
      async (run, signal) => answerOf(await ctx.api.centralFlow(run, signal)),
      onChange,
    );
  }

  /** Nobody looks any more. */
  rest() {
    this.#answers.rest();
  }

  /**
   * What is known by now of the selected run.
   *
   * @param {Pick<Data, "runs" | "selected">} data
   * @returns {Flow | null}
   */
  of({ runs, selected }) {
    const run = runs.find(({ id }) => id === selected) ?? runs[0];
    this.#answers.want([run]);
    const { answer, stale, error } = this.#answers.known(run);
    const { say } = this.#ctx;
    const none = answer?.none == null ? null : say(answer.none);
    return {
      run: run.id,
      found: answer?.found ?? null,
      none: error === null ? none : describeRefusal(error, this.#ctx),
      stale: run.stale || stale,
      isWaiting: error === null && (answer === null || stale),
    };
  }
}

/**
 * @param {import("../wire.d.ts").CentralFlowAnswer} answer
 * @returns {Answer}
 */
export function answerOf({ flow, ...answer }) {
  if (flow === null) return { found: null, none: saidIn(answer, "no_flow") };
  const data = (/** @type {Parameters<typeof decodeArray>[0]} */ values) => decodeArray(values).data;
  const found = {
    steps: flow.steps,
    path: data(flow.path),
    loss: data(flow.loss),
    predictedLoss: data(flow.predicted_loss),
    measuredLoss: data(flow.measured_loss),
    sharpness: data(flow.sharpness),
    predictedVariance: data(flow.predicted_variance),
    measuredVariance: data(flow.measured_variance),
    distance: data(flow.distance),
    window: flow.window,
    edge: flow.edge,
    meanLoss: numbersOf(flow.mean_loss),
    meanVariance: numbersOf(flow.mean_variance),
    departs: flow.departs,
    stopped: saidIn(flow, "stopped"),
  };
  return { found, none: null };
}

/** @param {import("../wire.d.ts").PredictedAndMeasured} means */
function numbersOf({ predicted, measured }) {
  return { predicted: Number(predicted), measured: Number(measured) };
}
