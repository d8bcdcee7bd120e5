/**
 * The learning rate that nobody chose: what the problem suggests for an optimizer, else the default of its class.
 */

import { setHyperparameter, valueOf } from "./edits.js";

/**
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {import("../wire.d.ts").SuggestedRate} SuggestedRate
 *
 * @typedef {{kind: "suggested", rate: SuggestedRate, fits: boolean} | {kind: "default"} | {kind: "chosen"}} RateSource
 *   `fits`: whether the suggestion is for what else the optimizer is given
 */

/**
 * @param {Problem} problem
 * @param {Choice} choice
 * @param {Call} call
 * @returns {SuggestedRate | undefined}
 */
export function suggestedRate(problem, choice, call) {
  return suggestionsFor(problem, choice).find((rate) => fits(rate, choice, call));
}

/**
 * The suggestions for an optimizer: all, or, while those are not known, what the problem's first comparison has.
 *
 * @param {Problem} problem
 * @param {Choice} choice
 * @returns {SuggestedRate[]}
 */
function suggestionsFor({ rates, suggested }, choice) {
  if (rates !== undefined) return rates.optimizers.filter(({ name }) => name === choice.name);
  const hasMomentum = choice.hyperparameters.some(({ name }) => name === "momentum");
  return suggested.optimizers
    .filter(({ name }) => name === choice.name)
    .map(({ name, hyperparameters: { lr, momentum = 0 } }) => ({
      ...{
        name,
        lr: Number(lr),
        end_loss: null,
        networks: null,
        source: /** @type {const} */ ("comparison"),
      },
      with: /** @type {Record<string, number>} */ (hasMomentum ? { momentum } : {}),
    }));
}

/**
 * @param {SuggestedRate} rate
 * @param {Choice} choice
 * @param {Call} call
 */
function fits(rate, choice, call) {
  return Object.entries(rate.with).every(([name, value]) => {
    const declared = choice.hyperparameters.find((one) => one.name === name);
    return declared !== undefined && valueOf(call, declared) === value;
  });
}

/**
 * @param {Pick<Choice, "hyperparameters">} choice
 * @returns {import("./types.js").Hyperparameter | undefined}  its learning rate, if it has one
 */
export function rateOf({ hyperparameters }) {
  return hyperparameters.find(({ name }) => name === "lr");
}

/**
 * @param {Catalog} catalog
 * @param {Pick<Call, "name">} call
 * @returns {Choice | undefined}  what the catalog says of its class
 */
export function choiceOf({ optimizers }, call) {
  return optimizers.find(({ name }) => name === call.name);
}

/**
 * The rate of a call that nobody chose; undefined of a class without one.
 *
 * @param {Problem} problem
 * @param {Choice} choice
 * @param {Call} call
 * @returns {Json | undefined}
 */
export function unchosenRate(problem, choice, call) {
  return suggestedRate(problem, choice, call)?.lr ?? rateOf(choice)?.default;
}

/**
 * @param {Call} call
 * @param {Choice} choice
 * @param {Json | undefined} lr
 * @returns {Call}
 */
export function withRate(call, choice, lr) {
  return lr === undefined || lr === null ? call : setHyperparameter(call, choice, "lr", lr);
}

/**
 * Where the rate of a call comes from; null while it is not known what the problem suggests.
 *
 * @param {Problem} problem
 * @param {Choice} choice
 * @param {Call} call
 * @returns {RateSource | null}
 */
export function rateSource(problem, choice, call) {
  const declared = rateOf(choice);
  if (declared === undefined) return null;
  const lr = valueOf(call, declared);
  const same = suggestionsFor(problem, choice).filter((rate) => rate.lr === lr);
  const fitting = same.find((rate) => fits(rate, choice, call));
  if (fitting !== undefined) return { kind: "suggested", rate: fitting, fits: true };
  if (problem.rates === undefined) return null;
  if (lr === declared.default) return { kind: "default" };
  return same.length > 0 ? { kind: "suggested", rate: same[0], fits: false } : { kind: "chosen" };
}

/**
 * An optimizer on another problem: a rate that nobody chose is what that one suggests.
 *
 * @param {Catalog} catalog
 * @param {Problem} before
 * @param {Problem} after
 * @param {Call} call
 * @returns {Call}
 */
export function ratedFor(catalog, before, after, call) {
  const choice = choiceOf(catalog, call);
  const declared = choice && rateOf(choice);
  if (choice === undefined || declared === undefined) return call;
  const isChosen = valueOf(call, declared) !== unchosenRate(before, choice, call);
  const own = isChosen ? call : withRate(call, choice, unchosenRate(after, choice, call));
  const rest = /** @type {Call | undefined} */ (call.rest);
  return rest === undefined ? own : { ...own, rest: ratedFor(catalog, before, after, rest) };
}
