/** What the curvature says at a step, in sentences and figures. */

import { isPlain, smallestAt } from "./curvature-figure.js";
import { indexAt } from "../charts/index-at.js";
import { formatNumber } from "../drawing/numbers.js";

/**
 * @typedef {import("./curvature-figure.js").Curvature} Curvature
 * @typedef {import("../types.js").Context} Context
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Words
 * @property {"above" | "below" | "unknown"} side  of the bound
 * @property {string} verdict
 * @property {{label: string, value: string}[]} facts
 * @property {string[]} notes
 */

const DIGITS = 3;

/**
 * A bound as it is written in formulas, on one line.
 *
 * @param {string} formula
 */
export function writtenBound(formula) {
  return formula.replaceAll("beta1", "β₁").replaceAll("-", "−").replaceAll(" ", "\u00a0");
}

/**
 * What is compared with the bound.
 *
 * @param {Curvature} curvature
 * @param {Context["t"]} t
 */
export function nameOfSharpness(curvature, t) {
  const { stability } = curvature;
  if (stability === null || isPlain(curvature)) return t("views.curvature.what.plain");
  const isPreconditioned = stability.said?.code === "bound_preconditioned";
  return t(isPreconditioned ? "views.curvature.what.preconditioned" : "views.curvature.what.effective");
}

/**
 * @param {Curvature} curvature
 * @param {Run} run
 * @param {number} step
 * @param {Pick<Context, "t" | "say">} ctx
 * @returns {Words}
 */
export function describeCurvature(curvature, run, step, { t, say }) {
  const index = indexAt(curvature.steps, step);
  const name = run.label;
  if (index < 0) return onlySaid(t("views.curvature.notYet", { run: name, step: curvature.steps[0] }));
  const notes = notesAt(curvature, run, index, t);
  if (curvature.parameters[index] === 0) return { ...onlySaid(t("views.curvature.allFrozen")), notes };
  if (!Number.isFinite(curvature.eigenvalues[0][index]))
    return { ...onlySaid(t("views.curvature.none", { run: name, step: curvature.steps[index] })), notes };
  return {
    ...verdictAt(curvature, name, index, { t, say }),
    facts: [...spectrumFacts(curvature, index, t), ...changeFacts(curvature, index, t)],
    notes,
  };
}

/**
 * @param {string} verdict
 * @returns {Words}
 */
export function onlySaid(verdict) {
  return { side: "unknown", verdict, facts: [], notes: [] };
}

/**
 * @param {Curvature} curvature
 * @param {string} run
 * @param {number} index
 * @param {Pick<Context, "t" | "say">} ctx
 * @returns {Pick<Words, "side" | "verdict">}
 */
function verdictAt(curvature, run, index, { t, say }) {
  const { steps, stability, eigenvalues, noBound } = curvature;
  const step = steps[index];
  const unbounded = (/** @type {string} */ reason) => {
    const value = formatNumber(eigenvalues[0][index], DIGITS);
    const what = t("views.curvature.what.plain");
    return {
      side: /** @type {const} */ ("unknown"),
      verdict: t("views.curvature.unbounded", { run, step, what, value, reason }),
    };
  };
  if (stability === null) return unbounded(noBound === null ? "" : say(noBound));
  const [value, bound] = [stability.value[index], stability.bound[index]];
  if (Number.isNaN(bound)) return unbounded(t("views.curvature.disagree"));
  if (Number.isNaN(value)) return unbounded(t("views.curvature.zero"));
  const side = value > bound ? "above" : "below";
  const verdict = t(`views.curvature.${side}`, {
    run,
    step,
    what: nameOfSharpness(curvature, t),
    value: formatNumber(value, DIGITS),
    formula: writtenBound(stability.formula),
    bound: formatNumber(bound, DIGITS),
    name: stability.said === null ? "" : say(stability.said),
  });
  return { side, verdict };
}

/**
 * @param {Curvature} curvature
 * @param {number} index
 * @param {Context["t"]} t
 * @returns {Words["facts"]}
 */
function spectrumFacts(curvature, index, t) {
  const [count, total] = [curvature.negative[index], curvature.parameters[index]];
  const smallest = formatNumber(smallestAt(curvature, index), DIGITS);
  const condition = curvature.condition[index];
  return [
    {
      label: t("views.curvature.facts.negative"),
      value: t(count === 0 ? "views.curvature.noneOf" : "views.curvature.someOf", { count, total, smallest }),
    },
    {
      label: t("views.curvature.facts.condition"),
      value: condition === Infinity ? t("views.curvature.singular") : formatNumber(condition, DIGITS),
    },
  ];
}

/**
 * @param {Curvature} curvature
 * @param {number} index
 * @param {Context["t"]} t
 * @returns {Words["facts"]}
 */
function changeFacts({ predicted, real }, index, t) {
  const isLast = index === predicted.length - 1;
  const value = (/** @type {number} */ change) =>
    isLast ? t("views.curvature.noStep") : formatNumber(change, DIGITS);
  return [
    { label: t("views.curvature.facts.predicted"), value: value(predicted[index]) },
    { label: t("views.curvature.facts.real"), value: value(real[index]) },
  ];
}

/**
 * What is left out, and where the steps are not what the bound is about.
 *
 * @param {Curvature} curvature
 * @param {Run} run
 * @param {number} index
 * @param {Context["t"]} t
 */
function notesAt({ parameters, eigenvalues, drifting }, { config }, index, t) {
  const [trained, total] = [parameters[index], eigenvalues.length];
  const notes = [];
  if (trained < total) notes.push(t("views.curvature.frozen", { held: total - trained, total }));
  if (drifting[index] > 0) notes.push(t("views.curvature.drifting", { count: drifting[index] }));
  if ((config.batch_size ?? null) !== null) notes.push(t("views.curvature.batches"));
  if ((config.clip_grad ?? null) !== null) notes.push(t("views.curvature.clipped"));
  return notes;
}

/**
 * What holds at every step: what is compared, where the bound is from, and how often the Hessian is computed.
 *
 * @param {Curvature} curvature
 * @param {Context["t"]} t
 * @returns {string[]}
 */
export function describeMethod(curvature, t) {
  const { steps, stability } = curvature;
  const every = steps.length > 1 ? steps[1] - steps[0] : 1;
  return [
    ...(stability === null || isPlain(curvature) ? [] : [t("views.curvature.compared")]),
    ...(stability === null ? [] : [t("views.curvature.source", { source: stability.source })]),
    ...(every === 1 ? [] : [t("views.curvature.every", { every })]),
  ];
}
