/**
 * From the state of the page to the configurations that are sent, and back from those of the catalog.
 */

import { averageField } from "./average.js";
import { problemOf } from "./catalog.js";
import { factorsField } from "./factors.js";
import { existingGroups, plainGroups } from "./groups.js";
import { layersOn } from "./layers.js";
import { loopField } from "./loop.js";
import { wholePoints } from "./points/whole.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").RunConfig} RunConfig
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Freeze} Freeze
 * @typedef {import("./types.js").Call} Call
 */

/**
 * The configuration of every run, in the order of the cards. What has no meaning for the problem is left out, so that
 * equal configurations give equal texts.
 *
 * @param {State} state
 * @param {Problem} problem  the one that the state names
 * @returns {RunConfig[]}
 */
export function configsOf(state, problem) {
  const shared = {
    problem: problemConfig(state, problem),
    model: modelConfig(state, problem),
  };
  return state.runs.map((run) => {
    /** @type {RunConfig} */
    const config = { ...shared, optimizer: run.optimizer, steps: state.steps, dtype: state.dtype };
    if (run.lr_scheduler !== null) config.lr_scheduler = run.lr_scheduler;
    if (run.clip_grad !== null) config.clip_grad = run.clip_grad;
    Object.assign(
      config,
      loopField(problem.kind === "function" ? run.loop : { ...run.loop, drift: null }),
      averageField(run.average),
      factorsField(run.hyperparameter_schedules),
    );
    if (problem.kind === "function") return ungroupedConfig(config);
    const layers = layersOn(problem, state.hidden);
    config.optimizer = grouped(run.optimizer, layers);
    const freeze = existing(run.freeze, layers);
    if (freeze.length > 0) config.freeze = freeze;
    if (problem.kind !== "dataset") return config;
    if (state.batchSize !== null) config.batch_size = state.batchSize;
    if (state.batchSize !== null && state.batchSeed !== null) config.batch_seed = state.batchSeed;
    return config;
  });
}

/**
 * @param {State} state
 * @param {Problem} problem
 * @returns {RunConfig["problem"]}
 */
function problemConfig(state, problem) {
  const { samples, noise, dataSeed: seed, expression, bounds, points } = state;
  const values = { samples, noise, seed, expression, bounds, points };
  const chosen = problem.options.filter((option) => values[option] !== null);
  return { name: problem.name, ...Object.fromEntries(chosen.map((option) => [option, values[option]])) };
}

/**
 * @param {State} state
 * @param {Problem} problem
 * @returns {RunConfig["model"]}
 */
function modelConfig({ hidden, activation, seed, weights, start }, { kind }) {
  if (kind === "function") return start === null ? {} : { start };
  const network = kind === "dataset" && { hidden, activation };
  return { ...network, seed, ...(weights !== null && { state_dict: weights }) };
}

/**
 * The rules without the layers that this network does not have.
 *
 * @param {Freeze[]} freeze
 * @param {string[]} layers
 * @returns {Freeze[]}
 */
function existing(freeze, layers) {
  return freeze
    .map((rule) => ({ ...rule, params: rule.params.filter((name) => layers.includes(name.split(".")[0])) }))
    .filter((rule) => rule.params.length > 0);
}

/**
 * @param {RunConfig} config
 * @returns {RunConfig}
 */
function ungroupedConfig(config) {
  const factors = config.hyperparameter_schedules?.map(({ groups: _, ...factor }) => factor);
  return { ...config, optimizer: ungrouped(config.optimizer), ...factorsField(factors) };
}

/**
 * A test function has one parameter, and nothing to group.
 *
 * @param {Call} optimizer
 * @returns {Call}
 */
function ungrouped({ param_groups: _, ...optimizer }) {
  return /** @type {Call} */ (optimizer);
}

/**
 * The optimizer without the groups of layers that this network does not have.
 *
 * @param {Call} optimizer
 * @param {string[]} layers
 * @returns {Call}
 */
function grouped(optimizer, layers) {
  if (!Array.isArray(optimizer.param_groups)) return optimizer;
  const groups = existingGroups(/** @type {any} */ (optimizer.param_groups), layers);
  return groups.length === 0 ? ungrouped(optimizer) : { ...optimizer, param_groups: groups };
}

/** What a test function has in the place of a network, and links leave out. */
const NO_NETWORK = { hidden: [2, 2], activation: "relu", seed: 44 };

/**
 * The part of a state that a problem suggests: the catalog's own comparison for the problem that it opens with, what the
 * problem's entry says for the others, with no more steps than the server allows.
 *
 * @param {Catalog} catalog
 * @param {string} name
 */
export function suggestedState(catalog, name) {
  const state = stateOf(suggestedConfigs(catalog, name));
  const isFunction = problemOf(catalog, name).kind === "function";
  const steps = Math.min(state.steps, catalog.limits.max_steps);
  return { ...state, ...(isFunction && NO_NETWORK), steps };
}

/**
 * @param {Catalog} catalog
 * @param {string} name
 * @returns {RunConfig[]}
 */
function suggestedConfigs(catalog, name) {
  const { runs } = catalog.defaults.comparison;
  if (runs[0].problem.name === name) return runs;
  const { model, optimizers, steps } = problemOf(catalog, name).suggested;
  return optimizers.map((optimizer) => ({ problem: { name }, model, optimizer, steps }));
}

/**
 * The part of a state that a list of configurations determines.
 *
 * @param {RunConfig[]} configs
 */
export function stateOf(configs) {
  const { problem, model = {}, steps = 300, dtype = "float32" } = configs[0];
  return {
    problem: problem.name,
    samples: problem.samples ?? null,
    noise: problem.noise ?? null,
    dataSeed: problem.seed ?? null,
    expression: problem.expression ?? null,
    bounds: problem.bounds ?? null,
    points: problem.points ? wholePoints(problem.points) : null,
    hidden: model.hidden ?? [2, 2],
    activation: model.activation ?? "relu",
    seed: model.seed ?? 0,
    weights: model.state_dict ?? null,
    start: model.start ?? null,
    steps,
    dtype,
    batchSize: configs[0].batch_size ?? null,
    batchSeed: configs[0].batch_seed ?? null,
    runs: configs.map(runOf),
  };
}

/**
 * @param {RunConfig} config
 * @param {number} slot
 * @returns {Run}
 */
export function runOf(config, slot) {
  const { optimizer, lr_scheduler: scheduler, freeze, clip_grad: clip, loop, average } = config;
  return {
    slot,
    optimizer: {
      ...withoutNulls(optimizer),
      ...(Array.isArray(optimizer.param_groups) && { param_groups: plainGroups(optimizer.param_groups) }),
      name: optimizer.name,
      hyperparameters: optimizer.hyperparameters,
    },
    lr_scheduler: scheduler ?? null,
    freeze: (freeze ?? []).map((rule) => ({ ...withoutNulls(rule), params: rule.params })),
    clip_grad: clip ?? null,
    ...loopField(loop),
    ...averageField(average),
    ...factorsField(config.hyperparameter_schedules),
  };
}

/**
 * @template {Record<string, any>} T
 * @param {T} object
 * @returns {Partial<T>}
 */
function withoutNulls(object) {
  return /** @type {Partial<T>} */ (
    Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null))
  );
}
