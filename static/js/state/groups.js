/**
 * Param groups: which parameters an optimizer moves, and with which hyperparameters of their own.
 *
 * As in torch, a parameter that is in no group is not trained. A group names layers (`fc2`) or parameters (`fc2.bias`).
 */

import { layerNames } from "./layers.js";

/**
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("./types.js").State} State
 *
 * @typedef {{params: string[], [hyperparameter: string]: Json}} Group
 */

/** The parameters of a layer, by torch's names: those of two dimensions first. */
const PARAMETERS = ["weight", "bias"];

/**
 * @param {string[]} layers
 * @returns {Group[]}
 */
export function groupsPerLayer(layers) {
  return layers.map((layer) => ({ params: [layer] }));
}

/**
 * Weights with the optimizer's weight decay, biases without: what most recipes do.
 *
 * @param {string[]} layers
 * @returns {Group[]}
 */
export function weightsAndBiases(layers) {
  const named = (/** @type {string} */ kind) => layers.map((layer) => `${layer}.${kind}`);
  return [{ params: named("weight") }, { params: named("bias"), weight_decay: 0 }];
}

/**
 * A layer after another, the last one first: gradual unfreezing by `add_param_group`.
 *
 * @param {string[]} layers
 * @param {number} steps  of the run
 * @returns {Group[]}
 */
export function oneAfterAnother(layers, steps) {
  return layers
    .map((layer, index) => ({
      layer,
      from: Math.round(((layers.length - 1 - index) * steps) / layers.length / 2),
    }))
    .map(({ layer, from }) => ({ params: [layer], ...(from > 0 && { from_step: from }) }));
}

/**
 * @param {Group[]} groups
 * @param {number} index
 * @param {string} name
 * @param {Json | undefined} value  undefined: that of the optimizer
 * @returns {Group[]}
 */
export function setOwn(groups, index, name, value) {
  return groups.map((group, i) => {
    if (i !== index) return group;
    const { [name]: _, ...others } = group;
    return /** @type {Group} */ (value === undefined ? others : { ...others, [name]: value });
  });
}

/**
 * @param {Group[]} groups
 * @param {string} name
 * @returns {Group[]}  in which no group has a value of its own
 */
export function clearOwn(groups, name) {
  return groups.reduce((cleared, _, index) => setOwn(cleared, index, name, undefined), groups);
}

/**
 * @param {Group[]} groups
 * @returns {string[]}  the hyperparameters that some group has a value of its own for
 */
export function ownNames(groups) {
  return [...new Set(groups.flatMap(({ params: _, from_step: __, ...own }) => Object.keys(own)))];
}

/**
 * The layers, or single parameters, that are in no group.
 *
 * @param {Group[]} groups
 * @param {string[]} layers
 * @param {boolean} [matricesOnly]  whether the optimizer is not meant to take biases
 * @returns {string[]}
 */
export function leftOut(groups, layers, matricesOnly = false) {
  const named = new Set(groups.flatMap(({ params }) => params));
  const kinds = matricesOnly ? PARAMETERS.slice(0, 1) : PARAMETERS;
  return layers.flatMap((layer) => {
    if (named.has(layer)) return [];
    const missing = kinds.map((kind) => `${layer}.${kind}`).filter((name) => !named.has(name));
    return missing.length === kinds.length ? [layer] : missing;
  });
}

/**
 * The groups without what this network does not have.
 *
 * @param {Group[]} groups
 * @param {string[]} layers
 * @returns {Group[]}
 */
export function existingGroups(groups, layers) {
  return groups
    .map((group) => ({ ...group, params: group.params.filter((name) => layers.includes(layerOf(name))) }))
    .filter(({ params }) => params.length > 0);
}

/**
 * Groups without what is the default.
 *
 * @param {any[]} groups  as a server says them
 * @returns {Group[]}
 */
export function plainGroups(groups) {
  return groups.map(({ from_step: from, ...group }) => (from ? { ...group, from_step: from } : group));
}

/**
 * A further group, of one layer or parameter, at its place among the others.
 *
 * @param {Group[]} groups
 * @param {string} name
 * @returns {Group[]}
 */
export function include(groups, name) {
  const place = groups.findIndex(({ params }) => layerOf(params[0]).localeCompare(layerOf(name)) > 0);
  const index = place < 0 ? groups.length : place;
  return [...groups.slice(0, index), { params: [name] }, ...groups.slice(index)];
}

/**
 * Names of parameters in short: a layer's name for all that it has.
 *
 * @param {string[]} names  of parameters
 * @returns {string[]}
 */
export function compactNames(names) {
  const layers = [...new Set(names.map(layerOf))];
  return layers.flatMap((layer) => {
    const own = names.filter((name) => layerOf(name) === layer);
    return own.length === PARAMETERS.length ? [layer] : own;
  });
}

/** @param {string} name  of a layer or a parameter */
function layerOf(name) {
  return name.split(".")[0];
}

/**
 * Another network. Groups that held every layer hold every layer of the new one too.
 *
 * @param {State} state
 * @param {number[]} hidden
 * @returns {Partial<State>}
 */
export function changeHidden(state, hidden) {
  const [before, after] = [layerNames(state.hidden), layerNames(hidden)];
  const added = after.filter((layer) => !before.includes(layer));
  const runs = state.runs.map((run) => {
    const groups = /** @type {Group[] | undefined} */ (run.optimizer.param_groups);
    if (groups === undefined || leftOut(groups, before).length > 0) return run;
    return { ...run, optimizer: { ...run.optimizer, param_groups: added.reduce(include, groups) } };
  });
  return { hidden, weights: null, runs };
}
