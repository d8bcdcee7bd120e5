/**
 * The mistakes of a training loop: what makes them of a run, and what a run does without them.
 */

import { loopField } from "./loop.js";
import { samplesOf } from "./samples.js";

/**
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("./types.js").Run} Run
 * @typedef {{[field: string]: any}} Patch  a merge patch (RFC 7396) of a configuration
 *
 * @typedef {object} Mistake  its entry in the catalog
 * @property {string} name
 * @property {string} title
 * @property {string} summary
 * @property {Patch} change
 * @property {Patch} given  of a run that has not what the mistake is about
 * @property {Record<string, "layer" | "step">} choices  pointers into both
 * @property {boolean} of_networks
 *
 * @typedef {{layer: string, step: number}} Where  what a mistake is made at
 * @typedef {Pick<Run, "loop"> & {freeze?: Run["freeze"]}} Breakable
 */

/** What a patch may say of one run of a comparison; the rest is what all runs share. */
const OWN = /** @type {const} */ (["optimizer", "lr_scheduler", "freeze", "clip_grad", "loop"]);

/** Fields of the loop that no correct one has. @type {(keyof import("./loop.js").Loop)[]} */
const MISTAKEN = ["zero_grad", "scheduler_first", "scale_loss", "order", "restart", "replaced"];

/**
 * A run beside which a mistake is seen, and the same with the mistake.
 *
 * @param {Mistake} mistake
 * @param {Run} run
 * @param {Where} where
 * @returns {{correct: Run, broken: Run, isChanged: boolean}}  isChanged: the run itself lacks what the mistake is about
 */
export function madeOf({ given, change, choices }, run, where) {
  const missing = Object.fromEntries(
    Object.entries(filled(given, choices, where)).filter(([field]) => isMissing(run, field)),
  );
  const correct = patched(run, missing);
  return {
    correct,
    broken: patched(correct, filled(change, choices, where)),
    isChanged: OWN.some((field) => field in missing),
  };
}

/**
 * What a mistake needs of all runs of a comparison: minibatches, where the samples are more than one holds.
 *
 * @param {Mistake} mistake
 * @param {Pick<import("./types.js").State, "batchSize"> & import("./samples.js").Sampled} state
 * @param {import("./samples.js").Sampling} problem
 * @returns {{batchSize?: number}}
 */
export function sharedBy({ given }, state, problem) {
  const size = given.batch_size ?? null;
  const isUsed = size !== null && samplesOf(state, problem) > size;
  return state.batchSize === null && isUsed ? { batchSize: size } : {};
}

/**
 * @param {Run} run
 * @param {string} field
 */
function isMissing(run, field) {
  const value = /** @type {any} */ (run)[field] ?? null;
  return value === null || value.length === 0;
}

/**
 * @param {Run} run
 * @param {Patch} patch
 * @returns {Run}
 */
function patched(run, patch) {
  const { kept: _, loop, ...recipe } = /** @type {any} */ (structuredClone(run));
  const own = OWN.filter((field) => field in patch).map((field) => [field, patch[field]]);
  const merged = merge({ ...recipe, ...(loop && { loop }) }, Object.fromEntries(own));
  const { loop: next, ...rest } = merged;
  return { ...rest, ...loopField(next) };
}

/**
 * @param {any} target
 * @param {any} patch
 * @returns {any}
 */
function merge(target, patch) {
  if (typeof patch !== "object" || patch === null || Array.isArray(patch)) return patch;
  const isObject = typeof target === "object" && target !== null && !Array.isArray(target);
  const merged = isObject ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) delete merged[field];
    else merged[field] = merge(merged[field], value);
  }
  return merged;
}

/**
 * A patch with what was chosen, where it speaks of that.
 *
 * @param {Patch} patch
 * @param {Mistake["choices"]} choices
 * @param {Where} where
 * @returns {Patch}
 */
function filled(patch, choices, where) {
  const copy = structuredClone(patch);
  for (const [pointer, choice] of Object.entries(choices)) {
    const keys = pointer.split("/").slice(1);
    const last = /** @type {string} */ (keys.pop());
    const place = keys.reduce((/** @type {any} */ value, key) => value?.[key], copy);
    if (place?.[last] !== undefined) place[last] = where[choice];
  }
  return copy;
}

/**
 * The same run by the loop of the tutorial; what is taken for freezing freezes.
 *
 * @template {Breakable} T
 * @param {T} config
 * @returns {T | null}  null where it makes none
 */
export function withoutMistakes(config) {
  const { loop, freeze, ...rest } = config;
  const own = Object.entries(loop ?? {});
  const kept = own.filter(([field]) => !MISTAKEN.includes(/** @type {any} */ (field)));
  const isTaken = freeze?.some(({ by = "requires_grad" }) => by !== "requires_grad") ?? false;
  const habits = loopField(Object.fromEntries(kept));
  if (!isTaken && JSON.stringify(habits) === JSON.stringify(loopField(loop))) return null;
  const frozen = freeze?.map(({ by: _, ...rule }) => rule);
  return /** @type {T} */ ({
    ...rest,
    ...(frozen === undefined ? {} : { freeze: frozen }),
    ...habits,
  });
}
