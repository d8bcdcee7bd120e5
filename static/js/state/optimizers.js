/**
 * Another optimizer on a card: what is kept, what is remembered of the one before, and the rate that it begins with.
 *
 * What both know stays, but for the learning rate: that belongs to one optimizer. Coming back to an optimizer, a card
 * gives it the rate that was chosen for it there, and what the others between could not carry. A rate that nobody chose
 * is what the problem suggests, else the default of the class. Rates are never scaled.
 */

import { firstValue, knownTo, suits, valueOf } from "./edits.js";
import { choiceOf, rateOf, unchosenRate, withRate } from "./suggested-rates.js";

/**
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Hyperparameter} Hyperparameter
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {import("./types.js").Run} Run
 *
 * @typedef {object} Place  what a card stands in
 * @property {Catalog} catalog
 * @property {Problem} problem
 * @property {number} steps
 */

/**
 * Another optimizer for a run. Its param groups stay, with the values that it knows; one that takes matrices alone
 * leaves the rest to the optimizer before it.
 *
 * @param {Pick<Run, "optimizer" | "earlier">} run
 * @param {Choice} choice
 * @param {Place} place
 * @returns {Pick<Run, "optimizer" | "earlier">}
 */
export function changeOptimizer({ optimizer: call, earlier = [] }, choice, place) {
  const optimizer = inPlaceOf(call, choice, earlier, place);
  const before = earlier.find(({ name }) => name === choice.name);
  const groups = Array.isArray(call.param_groups) ? call.param_groups : before?.param_groups;
  if (Array.isArray(groups) && choice.param_groups !== false) {
    optimizer.param_groups = groups.map((group) => knownTo(choice, /** @type {any} */ (group)));
  }
  if (choice.matrices_only === true) optimizer.rest = restFor(call, place);
  return { optimizer, ...remembering(earlier, call, place) };
}

/**
 * Another optimizer for what the first cannot take.
 *
 * @param {Pick<Run, "optimizer" | "earlier">} run
 * @param {Choice} choice
 * @param {Place} place
 * @returns {Pick<Run, "optimizer" | "earlier">}
 */
export function changeRest({ optimizer, earlier = [] }, choice, place) {
  const before = /** @type {Call} */ (optimizer.rest);
  const rest = inPlaceOf(before, choice, earlier, place);
  return { optimizer: { ...optimizer, rest }, ...remembering(earlier, before, place) };
}

/**
 * An optimizer of which nobody has said more than its name: with what it needs, and the rate that the problem suggests.
 *
 * @param {Choice} choice
 * @param {Place} place
 * @returns {Call}
 */
export function suggestedCall(choice, place) {
  const nothing = { name: "", hyperparameters: {} };
  const call = inPlaceOf(nothing, choice, [], place);
  return choice.matrices_only === true ? { ...call, rest: restFor(nothing, place) } : call;
}

/**
 * @param {Call} call
 * @param {Choice} choice  the class to change to
 * @param {Call[]} earlier
 * @param {Place} place
 * @returns {Call}
 */
function inPlaceOf(call, choice, earlier, place) {
  const before = choiceOf(place.catalog, call);
  const remembered = earlier.find(({ name }) => name === choice.name)?.hyperparameters ?? {};
  /** @type {Record<string, Json>} */
  const hyperparameters = {};
  for (const declared of choice.hyperparameters) {
    if (declared.name === "lr") continue;
    const value = (isCarried(before, declared) ? call.hyperparameters : remembered)[declared.name];
    if (value !== undefined && suits(declared, value)) hyperparameters[declared.name] = value;
    else if (declared.required) hyperparameters[declared.name] = firstValue(declared, place.steps);
  }
  const next = { name: choice.name, hyperparameters };
  const declared = rateOf(choice);
  const chosen = declared && remembered.lr !== undefined && suits(declared, remembered.lr);
  return withRate(
    next,
    choice,
    chosen ? remembered.lr : (unchosenRate(place.problem, choice, next) ?? declared?.suggested),
  );
}

/** Two defaults that are this many times apart are of different things. */
const UNLIKE = 50;

/**
 * Whether an argument means to the class before what it means to this one.
 *
 * @param {Choice | undefined} before
 * @param {Hyperparameter} declared
 */
function isCarried(before, declared) {
  const old = before?.hyperparameters.find(({ name }) => name === declared.name);
  if (old === undefined) return false;
  const apart = Math.abs(Math.log(Number(old.default) / Number(declared.default)));
  return !(apart >= Math.log(UNLIKE) && Number.isFinite(apart));
}

/**
 * What is remembered once an optimizer is left: its arguments, the rate only if somebody chose it, and its param groups.
 *
 * @param {Call[]} earlier
 * @param {Call} call
 * @param {Place} place
 * @returns {Pick<Run, "earlier">}
 */
function remembering(earlier, call, place) {
  const { lr: _, ...given } = call.hyperparameters;
  const choice = choiceOf(place.catalog, call);
  const declared = choice && rateOf(choice);
  const lr = declared && valueOf(call, declared);
  const isChosen = choice !== undefined && lr !== unchosenRate(place.problem, choice, call);
  /** @type {Call} */
  const left = {
    name: call.name,
    hyperparameters: { ...(isChosen && lr !== undefined && { lr }), ...given },
    ...(Array.isArray(call.param_groups) && { param_groups: call.param_groups }),
  };
  const isSomething = Object.keys(left.hyperparameters).length > 0 || "param_groups" in left;
  const others = earlier.filter(({ name }) => name !== call.name);
  const all = isSomething ? [left, ...others] : others;
  return { earlier: all.length > 0 ? all : undefined };
}

/**
 * The optimizer of what one of matrices cannot take: the one before it, if it can share a step with another.
 *
 * @param {Call} call
 * @param {Place} place
 * @returns {Call}
 */
function restFor({ param_groups: _, ...call }, { catalog, problem }) {
  const { optimizers } = catalog;
  /** @param {Choice} choice */
  const isFit = ({ matrices_only: matrices, closure, available }) =>
    matrices !== true && closure !== true && available !== false;
  const before = choiceOf(catalog, call);
  if (before?.matrices_only === true && call.rest !== undefined) return /** @type {Call} */ (call.rest);
  if (before !== undefined && isFit(before)) return /** @type {Call} */ (call);
  const choice = optimizers.find(({ name }) => name === "AdamW") ?? optimizers.filter(isFit)[0];
  const next = { name: choice.name, hyperparameters: {} };
  return withRate(next, choice, unchosenRate(problem, choice, next));
}
