/**
 * The central flow as lines for the plots: what is predicted of a run, and what is measured of it.
 */

import { sparseColumn } from "../charts/series.js";

/**
 * @typedef {import("../charts/series.js").Line} Line
 * @typedef {import("../charts/series.js").Series} Series
 * @typedef {import("../types.js").Flow} Flow
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Looks
 * @property {Run} flow  what is predicted
 * @property {Run} run  what is measured
 */

/** The same one every time: what a line without a history is a line of. @type {Series} */
const PREDICTED = {
  key: "curvature",
  title: "views.curvature.flow.name",
  scale: "linear",
  value: () => null,
};

/**
 * @param {Run} run  how it looks
 * @param {number[]} steps
 * @param {ArrayLike<number>} values
 * @returns {Line}
 */
function lineOf(run, steps, values) {
  return { run, series: PREDICTED, column: sparseColumn(steps, values) };
}

/**
 * @param {Flow | null} flow
 * @param {Looks | null} looks
 * @returns {Record<"sharpness" | "loss" | "swing" | "distance", Line[]>}  empty where there is no flow
 */
export function flowLines(flow, looks) {
  if (flow?.found == null || looks === null) return { sharpness: [], loss: [], swing: [], distance: [] };
  const { found } = flow;
  const predicted = (/** @type {ArrayLike<number>} */ values) => lineOf(looks.flow, found.steps, values);
  const measured = (/** @type {ArrayLike<number>} */ values) => lineOf(looks.run, found.steps, values);
  return {
    sharpness: [predicted(found.sharpness)],
    loss: [measured(found.measuredLoss), predicted(found.predictedLoss)],
    swing: [measured(found.measuredVariance), predicted(found.predictedVariance)],
    distance: [measured(found.distance)],
  };
}
