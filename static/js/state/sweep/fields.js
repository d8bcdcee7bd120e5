/**
 * The fields of a run that can be an axis of a map, with the values that are usual along them.
 */

import { problemIn } from "../points/problem.js";
import { selectedRun } from "../edits.js";
import { samplesOf } from "../samples.js";
import { choiceOf } from "../suggested-rates.js";
import { RATES } from "./axis.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../types.js").Hyperparameter} Hyperparameter
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("./axis.js").Axis} Axis
 * @typedef {import("./axis.js").Scale} Scale
 */

const COUNT = 24;

/** Where the interesting values of well-known arguments lie. @type {Record<string, [number, number, Scale]>} */
const USUAL = {
  max_lr: [1e-4, 10, "log"],
  weight_decay: [1e-5, 1, "log"],
  eps: [1e-10, 1e-1, "log"],
  momentum: [0, 0.98, "linear"],
  "betas/0": [0, 0.98, "linear"],
  "betas/1": [0.9, 0.9999, "linear"],
  alpha: [0.8, 0.9999, "linear"],
  dampening: [0, 1, "linear"],
  max_norm: [1e-2, 100, "log"],
  clip_value: [1e-3, 10, "log"],
  gamma: [0.1, 1, "linear"],
  total_iters: [1, 100, "linear"],
};

/** @type {(from: number, to: number, scale: Scale, count?: number) => Omit<import("./axis.js").Range, "path">} */
const range = (from, to, scale, count = COUNT) => ({ from, to, count, scale });

/**
 * What there is to vary of the run that is selected.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {Axis[]}
 */
export function fieldsOf(state, catalog) {
  const problem = problemIn(catalog, state);
  const run = selectedRun(state);
  const choice = choiceOf(catalog, run.optimizer);
  const own = (choice?.hyperparameters ?? []).flatMap((one) => axesOf("/optimizer/hyperparameters", one));
  const shared = problem.kind === "dataset" ? networkAxes(state, catalog, problem) : startAxes(problem);
  const steps = {
    path: "/steps",
    ...range(Math.max(1, Math.round(state.steps / 10)), 2 * state.steps, "log"),
  };
  return [...own, ...groupAxes(run), ...otherAxes(run, catalog), ...shared, steps];
}

/**
 * @param {string} parent
 * @param {Hyperparameter} declared
 * @returns {Axis[]}
 */
function axesOf(parent, declared) {
  const { name, kind, default: standard, minimum, maximum, scale } = declared;
  const path = `${parent}/${name}`;
  if (name === "lr") return [{ ...RATES, path }];
  if (kind === "bool") return [{ path, values: [false, true] }];
  const parts = Array.isArray(standard) && (kind === "pair" || kind === "triple") ? standard : null;
  if (parts !== null)
    return parts.map((value, i) => ({ path: `${path}/${i}`, ...spanOf(`${name}/${i}`, value, declared) }));
  if (kind !== "float" && kind !== "int") return [];
  if (USUAL[name] !== undefined) return [{ path, ...range(...USUAL[name]) }];
  const isBounded = typeof minimum === "number" && typeof maximum === "number" && maximum <= 1;
  if (isBounded && scale !== "log") return [{ path, ...range(minimum, inside(declared, maximum), "linear") }];
  return [{ path, ...spanOf(name, standard, declared) }];
}

/**
 * @param {Hyperparameter} declared
 * @param {number} maximum
 */
function inside({ exclusive_maximum: above }, maximum) {
  return above === true ? 0.99 * maximum : maximum;
}

/**
 * Around what torch has by default.
 *
 * @param {string} name
 * @param {any} standard
 * @param {Hyperparameter} declared
 */
function spanOf(name, standard, { kind, scale }) {
  if (USUAL[name] !== undefined) return range(...USUAL[name]);
  const middle = typeof standard === "number" && standard > 0 ? standard : 1;
  if (kind === "int") return range(1, Math.max(10, 4 * middle), "linear");
  return scale === "log" ? range(middle / 1000, 1000 * middle, "log") : range(0, 2 * middle, "linear");
}

/**
 * @param {Run} run
 * @returns {Axis[]}
 */
function groupAxes({ optimizer }) {
  const groups = Array.isArray(optimizer.param_groups) ? optimizer.param_groups : [];
  return groups.map((_, i) => ({ ...RATES, path: `/optimizer/param_groups/${i}/lr` }));
}

/**
 * @param {Run} run
 * @param {Catalog} catalog
 * @returns {Axis[]}
 */
function otherAxes({ clip_grad: clip, lr_scheduler: scheduler }, catalog) {
  const bounds = Object.keys(clip ?? {}).filter((name) => USUAL[name] !== undefined);
  const clipped = bounds.map((name) => ({ path: `/clip_grad/${name}`, ...range(...USUAL[name]) }));
  const choice = catalog.lr_schedulers.find(({ name }) => name === scheduler?.name);
  const numbers = (choice?.hyperparameters ?? []).filter(({ kind }) => kind === "float" || kind === "int");
  return [...clipped, ...numbers.flatMap((one) => axesOf("/lr_scheduler/hyperparameters", one))];
}

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {import("../types.js").Problem} problem
 * @returns {Axis[]}
 */
function networkAxes(state, catalog, problem) {
  const samples = samplesOf(state, problem);
  const powers = Array.from({ length: 11 }, (_, i) => 2 ** i);
  const batches = powers.filter((size) => size <= samples);
  /** @type {Axis[]} */
  const data = [
    { path: "/problem/samples", values: powers.slice(3) },
    { path: "/problem/noise", ...range(0, 0.5, "linear", 16) },
    { path: "/problem/seed", values: Array.from({ length: 16 }, (_, i) => i) },
  ];
  const widths = [1, 2, 3, 4, 6, 8, 12, 16].filter((units) => units <= catalog.limits.max_hidden_units);
  return [
    { path: "/batch_size", values: batches },
    { path: "/model/hidden", values: widths.map((units) => state.hidden.map(() => units)) },
    { path: "/model/activation", values: catalog.activations.map(({ name }) => name) },
    ...data.filter(({ path }) => problem.options.some((option) => path === `/problem/${option}`)),
  ];
}

/**
 * @param {import("../types.js").Problem} problem
 * @returns {Axis[]}
 */
function startAxes({ bounds }) {
  return (bounds ?? []).map(([from, to], i) => ({ path: `/model/start/${i}`, ...range(from, to, "linear") }));
}
