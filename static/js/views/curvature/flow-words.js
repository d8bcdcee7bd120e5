/** What the central flow comes to beside the run, in sentences: how near, and where it stops holding. */

import { formatNumber, formatPercent } from "../drawing/numbers.js";

/**
 * @typedef {import("../types.js").CentralFlow} CentralFlow
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Flow} Flow
 */

const DIGITS = 3;

/**
 * @param {Flow | null | undefined} flow  null while it is not to be shown
 * @param {Pick<Context, "t" | "say">} ctx
 * @returns {string[]}
 */
export function describeFlow(flow, { t, say }) {
  if (!flow) return [];
  if (flow.none !== null) return [t("views.curvature.flow.none", { why: flow.none })];
  if (flow.found === null) return [t("views.curvature.flow.waiting")];
  const { found } = flow;
  return [
    t("views.curvature.flow.theory"),
    ...edgeOf(found, t),
    ...(found.departs === null ? [] : [t("views.curvature.flow.departs", { step: found.departs })]),
    ...(found.stopped === null ? [] : [say(found.stopped)]),
  ];
}

/**
 * @param {CentralFlow} found
 * @param {Context["t"]} t
 */
function edgeOf({ edge, steps, meanLoss, meanVariance, window }, t) {
  const loss = comparedOf(meanLoss);
  if (edge === null) return [t("views.curvature.flow.stable", { ...loss, step: steps[0] })];
  return [
    t("views.curvature.flow.loss", { ...loss, step: edge }),
    t("views.curvature.flow.swing", { ...comparedOf(meanVariance), window }),
  ];
}

/** @param {CentralFlow["meanLoss"]} means */
function comparedOf({ predicted, measured }) {
  return {
    predicted: formatNumber(predicted, DIGITS),
    measured: formatNumber(measured, DIGITS),
    error: formatPercent(Math.abs(predicted - measured) / Math.abs(measured)),
  };
}
