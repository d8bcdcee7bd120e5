/**
 * Short names that tell the runs of a comparison apart: "Adam", "SGD momentum 0.9".
 */

import { nameOf } from "./schedule.js";

/**
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Json} Json
 */

/**
 * @param {Run[]} runs
 * @returns {string[]}
 */
export function labelsOf(runs) {
  const labels = runs.map((run) => {
    const { name } = run.optimizer;
    const namesakes = runs.filter((other) => other.optimizer.name === name);
    const others = runs.filter((other) => other.optimizer.name !== name);
    const isTaken = others.some((other) => shortName(other.optimizer.name) === shortName(name));
    return [isTaken ? name : shortName(name), ...distinctions(run, namesakes)].join(" ");
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
 * @returns {string[]}
 */
function distinctions(run, namesakes) {
  const features = namesakes.map(featuresOf);
  const common = (/** @type {string} */ feature) => features.every((others) => others.includes(feature));
  const own = featuresOf(run).filter((feature) => !common(feature));
  const names = own.filter((feature) => !feature.startsWith("lr "));
  return (names.length > 0 ? names : own).slice(0, 2);
}

/** @param {Run} run */
function featuresOf({ optimizer, lr_scheduler: scheduler, freeze, clip_grad: clip, loop, kept }) {
  const hyperparameters = Object.entries(optimizer.hyperparameters)
    .filter(([, value]) => value !== false)
    .map(([name, value]) => (value === true ? name : `${name} ${show(value)}`));
  return [
    ...(kept === undefined || kept.first === 0 ? [] : [`from ${kept.first}`]),
    ...(kept === undefined || kept.without.length === 0 ? [] : ["without state"]),
    ...hyperparameters,
    ...groupFeatures(optimizer),
    ...(scheduler === null ? [] : [nameOf(scheduler)]),
    ...freeze.map(({ params }) => `${params.join(" ")} frozen`),
    ...(clip === null ? [] : ["clipped"]),
    ...Object.keys(loop ?? {}),
  ];
}

/** @param {import("./types.js").Call} optimizer */
function groupFeatures({ param_groups: groups, rest }) {
  const second = /** @type {import("./types.js").Call | undefined} */ (rest);
  return [
    ...(Array.isArray(groups) && groups.length > 1 ? [`${groups.length} groups`] : []),
    ...(second === undefined ? [] : [`+ ${shortName(second.name)}`]),
  ];
}

/** @param {Json} value */
function show(value) {
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}
