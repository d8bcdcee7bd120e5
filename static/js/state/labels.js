/**
 * Short names that tell the runs of a comparison apart: "Adam", "SGD momentum 0.9".
 */

import { nameOf } from "./schedule.js";

/**
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("../languages/translator.js").Translator["t"]} Translate
 */

/**
 * @param {Run[]} runs
 * @param {Translate} t
 * @returns {string[]}
 */
export function labelsOf(runs, t) {
  const labels = runs.map((run) => {
    const { name } = run.optimizer;
    const namesakes = runs.filter((other) => other.optimizer.name === name);
    const others = runs.filter((other) => other.optimizer.name !== name);
    const isTaken = others.some((other) => shortName(other.optimizer.name) === shortName(name));
    return [isTaken ? name : shortName(name), ...distinctions(run, namesakes, t)].join(" ");
  });
  return labels.map((label, index) => {
    const before = labels.slice(0, index).filter((other) => other === label).length;
    return before === 0 ? label : `${label} (${before + 1})`;
  });
}

/**
 * The name of a class without that of its package.
 *
 * @param {string} name  such as "Adam" or "pytorch_optimizer.Lion"
 */
export function shortName(name) {
  return name.slice(name.lastIndexOf(".") + 1);
}

/**
 * What a run has that not all of its namesakes have.
 *
 * @param {Run} run
 * @param {Run[]} namesakes  the run itself among them
 * @param {Translate} t
 * @returns {string[]}
 */
function distinctions(run, namesakes, t) {
  const features = namesakes.map((one) => featuresOf(one, t));
  const common = (/** @type {string} */ feature) => features.every((others) => others.includes(feature));
  const own = featuresOf(run, t).filter((feature) => !common(feature));
  const names = own.filter((feature) => !feature.startsWith("lr "));
  return (names.length > 0 ? names : own).slice(0, 2);
}

/**
 * @param {Run} run
 * @param {Translate} t
 */
function featuresOf({ optimizer, lr_scheduler: scheduler, freeze, clip_grad: clip, loop, kept }, t) {
  const hyperparameters = Object.entries(optimizer.hyperparameters)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? name : `${name} ${show(value)}`));
  return [
    ...(kept === undefined || kept.first === 0 ? [] : [t("labels.forked", { step: kept.first })]),
    ...(kept === undefined || kept.without.length === 0 ? [] : [t("labels.without")]),
    ...hyperparameters,
    ...groupFeatures(optimizer, t),
    ...(scheduler === null ? [] : [nameOf(scheduler)]),
    ...freeze.map(({ params }) => t("labels.frozen", { layers: params.join(" ") })),
    ...(clip === null ? [] : [t("labels.clipped")]),
    ...Object.keys(loop ?? {}),
  ];
}

/**
 * @param {import("./types.js").Call} optimizer
 * @param {Translate} t
 */
function groupFeatures({ param_groups: groups, rest }, t) {
  const second = /** @type {import("./types.js").Call | undefined} */ (rest);
  return [
    ...(Array.isArray(groups) && groups.length > 1 ? [t("labels.groups", { count: groups.length })] : []),
    ...(second === undefined ? [] : [`+ ${shortName(second.name)}`]),
  ];
}

/** @param {Json} value */
function show(value) {
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}
