/**
 * The curvature along the paths of runs, as lines for the plots.
 */

import { saidIn } from "../../languages/translator.js";
import { decodeArray } from "../../jsonl.js";
import { sparseColumn } from "../charts/series.js";

/**
 * @typedef {import("../../jsonl.js").TypedArray} TypedArray
 * @typedef {import("../charts/series.js").Line} Line
 * @typedef {import("../charts/series.js").Series} Series
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../../languages/translator.js").Said} Said
 *
 * @typedef {object} Bound  what decides whether steps grow
 * @property {string} name
 * @property {Said | null} said  what it is called
 * @property {string} formula
 * @property {string} source
 * @property {TypedArray} value  [records], what is compared with the bound
 * @property {TypedArray} bound  [records]
 *
 * @typedef {object} Curvature  of one run
 * @property {number[]} steps  the records looked at
 * @property {number[]} parameters  how many are trained in the step after each
 * @property {TypedArray[]} eigenvalues  [parameters][records], the largest first
 * @property {TypedArray} condition  [records]
 * @property {number[]} negative  how many eigenvalues are
 * @property {number[]} drifting  how many frozen parameters the next step moves all the same
 * @property {TypedArray} predicted  [records], change of the loss in the next step
 * @property {TypedArray} real  [records]
 * @property {Bound | null} stability
 * @property {Said | null} noBound  why there is no bound
 */

/** Where the edge of stability is seen: gradient descent below it and at it, and RMSprop, with the flow that is predicted. */
export const EDGE_OF_STABILITY =
  "?v=2&problem=regression-2d&samples=32&hidden=8&activation=tanh&seed=0&steps=300" +
  "&runs=[SGD(lr:0.1),SGD(lr:0.4),RMSprop(lr:0.02)]&selected=1&plots=curvature&sharpness=linear&central_flow=on&speed=60";

/** The same one every time: what a line without a history is a line of. @type {Series} */
const SAMPLED = { key: "curvature", title: "views.curvature.tab", scale: "linear", value: () => null };

/**
 * @param {import("../../wire.d.ts").RunCurvature} answer
 * @returns {Curvature}
 */
export function curvatureOf({ stability, eigenvalues, ...answer }) {
  const { data, shape } = decodeArray(eigenvalues);
  const [records, width] = shape;
  const rank = (/** @type {number} */ index) => data.filter((_, i) => i % width === index);
  return {
    steps: answer.steps,
    parameters: answer.parameters,
    eigenvalues: records === 0 ? [] : Array.from({ length: width }, (_, index) => rank(index)),
    condition: decodeArray(answer.condition).data,
    negative: answer.negative,
    drifting: answer.drifting,
    predicted: decodeArray(answer.predicted).data,
    real: decodeArray(answer.real).data,
    stability: stability && {
      ...stability,
      said: saidIn(stability, "name"),
      value: decodeArray(stability.value).data,
      bound: decodeArray(stability.bound).data,
    },
    noBound: saidIn(answer, "no_bound"),
  };
}

/**
 * Whether the bound is one of the Hessian itself, not of a preconditioned one or one with weight decay.
 *
 * @param {Curvature} curvature
 */
export function isPlain({ stability, eigenvalues }) {
  return stability !== null && stability.value.every((value, i) => isSame(value, eigenvalues[0][i]));
}

/**
 * @param {number} a
 * @param {number} b
 */
function isSame(a, b) {
  return Object.is(a, b) || Math.abs(a - b) <= 1e-9 * Math.abs(b);
}

/**
 * @param {Run} run
 * @param {Curvature} curvature
 * @param {ArrayLike<number>} values
 * @param {Partial<Line>} [more]
 * @returns {Line}
 */
function lineOf(run, { steps }, values, more = {}) {
  return { run, series: SAMPLED, column: sparseColumn(steps, values), ...more };
}

/**
 * What is compared with the bound, and the bound, beyond which it warns.
 *
 * @param {Run} run
 * @param {Curvature} curvature
 * @param {Run} bound  what the bound looks like
 * @returns {Line[]}
 */
export function boundLines(run, curvature, bound) {
  const { stability, eigenvalues } = curvature;
  const solid = { ...run, dash: [] };
  if (stability === null) return [lineOf(solid, curvature, eigenvalues[0])];
  return [
    lineOf(bound, curvature, stability.bound, { warns: "above" }),
    lineOf(solid, curvature, stability.value),
  ];
}

/**
 * @param {Run} run
 * @param {Curvature} curvature
 * @returns {Line}
 */
export function sharpnessLine(run, curvature) {
  return lineOf(run, curvature, curvature.eigenvalues[0]);
}

/**
 * All eigenvalues, thin between the largest and the smallest, over a shade below zero.
 *
 * @param {Run} run
 * @param {Curvature} curvature
 * @param {Run} zero  what zero looks like
 * @returns {Line[]}
 */
export function eigenvalueLines(run, curvature, zero) {
  const { steps, eigenvalues } = curvature;
  const ends = { steps: [0, steps[steps.length - 1]] };
  const smallest = Float64Array.from(steps, (_, i) => smallestAt(curvature, i));
  return [
    lineOf(zero, { ...curvature, ...ends }, [0, 0], { isSecondary: true, warns: "below" }),
    ...eigenvalues
      .slice(1)
      .map((values) => lineOf({ ...run, dash: [] }, curvature, values, { isSecondary: true })),
    lineOf({ ...run, id: `${run.id}-smallest`, dash: [] }, curvature, smallest),
    lineOf({ ...run, dash: [] }, curvature, eigenvalues[0]),
  ];
}

/**
 * The smallest eigenvalue of those that there are: of frozen parameters there are none.
 *
 * @param {Curvature} curvature
 * @param {number} index
 */
export function smallestAt({ eigenvalues, parameters }, index) {
  return parameters[index] === 0 ? NaN : eigenvalues[parameters[index] - 1][index];
}

/**
 * @param {Run} run
 * @param {Curvature} curvature
 * @returns {Line}
 */
export function conditionLine(run, curvature) {
  return lineOf(run, curvature, curvature.condition);
}

/**
 * What the next step does to the loss, and what it would do if the loss were quadratic.
 *
 * @param {Run} run
 * @param {Curvature} curvature
 * @param {Run} model  what the quadratic one looks like
 * @returns {Line[]}
 */
export function changeLines(run, curvature, model) {
  return [
    lineOf({ ...run, dash: [] }, curvature, curvature.real),
    lineOf(model, curvature, curvature.predicted),
  ];
}
