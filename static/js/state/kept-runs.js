/**
 * Runs that the server keeps, as the page sees them: what their documents say, how they become cards, and what a fork
 * changes.
 */

import { stateOf } from "./configs.js";
import { editRun, freeSlot } from "./edits.js";
import { tidy } from "./schedule.js";
import { watchedCard } from "./watched.js";

/**
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Json} Json
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").RunConfig} RunConfig
 * @typedef {import("./types.js").State} State
 *
 * @typedef {Omit<import("../wire.d.ts").RunDocument, "config"> & {config: RunConfig}} KeptRun  the document of a run
 *
 * @typedef {Omit<Run, "slot">} Recipe
 */

/**
 * Whether a run was trained here: only such a run can be forked and trained further, and drawn on its loss surface.
 *
 * @param {KeptRun} run
 */
export function isOurs(run) {
  return /** @type {RunConfig | null} */ (run.config) !== null;
}

/**
 * Whether it is of a loop that is not ours; a damaged run may be neither.
 *
 * @param {KeptRun} run
 */
export function isWatched(run) {
  return run.source !== null;
}

/**
 * Whether a run can be put among others: one that is ours, or a watched one whose parameters were recorded.
 *
 * @param {KeptRun} run
 */
export function isComparable(run) {
  return isOurs(run) || (isWatched(run) && (run.whole ?? 0) > 0);
}

/**
 * The card of a kept run.
 *
 * @param {KeptRun} run
 * @param {Catalog} catalog
 * @returns {Recipe & Required<Pick<Run, "kept">>}
 */
export function cardOf(run, catalog) {
  if (!isOurs(run)) {
    const card = watchedCard(run);
    return { ...card, optimizer: onlyDeclared(card.optimizer, catalog.optimizers) };
  }
  const { id, first, origin, config } = run;
  const recipe = recipeOf(config, catalog);
  /** @type {("optimizer" | "lr_scheduler")[]} */
  const without = [];
  if (origin?.restore?.optimizer === false) without.push("optimizer");
  if (origin?.restore?.lr_scheduler === false && recipe.lr_scheduler !== null) without.push("lr_scheduler");
  return { ...recipe, kept: { id, first, without } };
}

/**
 * What a card says of a run that the server has filled in.
 *
 * @param {RunConfig} config
 * @param {Catalog} catalog
 * @returns {Recipe}
 */
export function recipeOf(config, catalog) {
  const { slot: _, ...recipe } = stateOf([config]).runs[0];
  return briefly(recipe, catalog);
}

/**
 * A recipe that says what differs from torch's defaults.
 *
 * @template {Recipe} R
 * @param {R} recipe
 * @param {Catalog} catalog
 * @returns {R}
 */
export function briefly(recipe, catalog) {
  const { optimizer, lr_scheduler: scheduler, freeze } = recipe;
  return {
    ...recipe,
    optimizer: withoutDefaults(optimizer, catalog.optimizers),
    lr_scheduler: scheduler === null ? null : withoutDefaults(tidy(scheduler), catalog.lr_schedulers),
    freeze: freeze.map(({ from_step: from, clear_grad: clear, by, ...rule }) => ({
      ...rule,
      ...(by !== undefined && by !== "requires_grad" && { by }),
      ...(from !== 0 && { from_step: from }),
      ...(clear === false && { clear_grad: clear }),
    })),
  };
}

/**
 * A class and its arguments, without those that are torch's defaults.
 *
 * @param {Call} call
 * @param {Choice[]} choices
 * @returns {Call}
 */
function withoutDefaults(call, choices) {
  const declared = choices.find(({ name }) => name === call.name)?.hyperparameters ?? [];
  const given = Object.entries(call.hyperparameters).filter(([name, value]) => {
    const known = declared.find((hyperparameter) => hyperparameter.name === name);
    return known === undefined || known.required === true || !same(known.default, value);
  });
  const { rest, schedulers } = /** @type {{rest?: Call, schedulers?: Call[]}} */ (call);
  return {
    ...call,
    hyperparameters: Object.fromEntries(given),
    ...(rest !== undefined && { rest: withoutDefaults(rest, choices) }),
    ...(schedulers !== undefined && { schedulers: schedulers.map((part) => withoutDefaults(part, choices)) }),
  };
}

/**
 * A class and its arguments, of one that the catalog knows as far as they are none of torch's defaults.
 *
 * @param {Call} call
 * @param {Choice[]} choices
 * @returns {Call}
 */
function onlyDeclared(call, choices) {
  const declared = choices.find(({ name }) => name === call.name)?.hyperparameters;
  if (declared === undefined) return call;
  const known = Object.entries(call.hyperparameters).filter(([name]) =>
    declared.some((hyperparameter) => hyperparameter.name === name),
  );
  return withoutDefaults({ ...call, hyperparameters: Object.fromEntries(known) }, choices);
}

/**
 * Put a kept run beside the others, and select it. Where it was trained on something else, the others follow it there.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {KeptRun} run
 * @returns {Partial<State>}
 */
export function addKept(state, catalog, run) {
  const there = state.runs.find(({ kept }) => kept?.id === run.id);
  if (there !== undefined) return { selected: there.slot };
  const stays = fits(run, state, catalog);
  const others = stays ? state.runs : state.runs.filter(({ kept }) => kept === undefined);
  const card = { ...cardOf(run, catalog), slot: freeSlot(others) };
  return {
    ...(stays ? {} : { ...setupOf(run, catalog), step: null }),
    runs: [...others, card],
    selected: card.slot,
  };
}

/**
 * The card of a kept run as the server describes it now.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {KeptRun} run
 * @returns {Partial<State>}  nothing, if it is so already
 */
export function refreshKept(state, catalog, run) {
  const card = state.runs.find(({ kept }) => kept?.id === run.id);
  if (card === undefined) return {};
  const next = { ...cardOf(run, catalog), slot: card.slot };
  return same(card, next) ? {} : editRun(state, card.slot, next);
}

/**
 * A kept run becomes one that can be changed, and is trained from the beginning.
 *
 * @param {State} state
 * @param {number} slot
 * @returns {Partial<State>}
 */
export function releaseKept(state, slot) {
  const runs = state.runs.map(({ kept, ...run }) =>
    run.slot === slot || kept === undefined ? run : { ...run, kept },
  );
  return { runs };
}

/**
 * What is left of a comparison without some runs. The last one stays as what it is made of.
 *
 * @param {State} state
 * @param {Run[]} leaving
 * @returns {Partial<State>}
 */
export function withoutRuns(state, leaving) {
  const slots = leaving.map(({ slot }) => slot);
  const runs = state.runs.filter(({ slot }) => !slots.includes(slot));
  if (runs.length === 0) return releaseKept({ ...state, runs: [state.runs[0]] }, state.runs[0].slot);
  return { runs, selected: slots.includes(state.selected) ? runs[runs.length - 1].slot : state.selected };
}

/**
 * The runs that were trained on something else than what the comparison is about now.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {(id: string) => KeptRun | null} lookUp
 * @returns {Run[]}
 */
export function misfits(state, catalog, lookUp) {
  return state.runs.filter(({ kept }) => {
    const run = kept === undefined ? null : lookUp(kept.id);
    return run !== null && !fits(run, state, catalog);
  });
}

/**
 * Whether a run can be drawn on one surface with the others: one problem, one network, one precision. A watched run is on
 * none, and stands beside any.
 *
 * @param {KeptRun} run
 * @param {State} state
 * @param {Catalog} catalog
 */
export function fits(run, state, catalog) {
  if (!isOurs(run)) return true;
  const setup = setupOf(run, catalog);
  const problem = catalog.problems.find(({ name }) => name === state.problem);
  if (setup.problem !== state.problem || setup.dtype !== state.dtype) return false;
  if (problem === undefined || problem.kind !== "dataset") return true;
  const { samples, noise, seed, points = null } = problem.option_defaults;
  return (
    same(setup.points ?? points, state.points ?? points) &&
    same(setup.hidden, state.hidden) &&
    setup.activation === state.activation &&
    (setup.samples ?? samples) === (state.samples ?? samples) &&
    (setup.noise ?? noise) === (state.noise ?? noise) &&
    (setup.dataSeed ?? seed) === (state.dataSeed ?? seed)
  );
}

/**
 * What all runs of a comparison share, as a run of the server has it.
 *
 * @param {Pick<KeptRun, "config">} run
 * @param {Catalog} catalog
 */
export function setupOf({ config }, catalog) {
  const { runs: _, ...setup } = stateOf([config]);
  const problem = catalog.problems.find(({ name }) => name === setup.problem);
  const { samples = null, noise = null, seed = null, points = null } = problem?.option_defaults ?? {};
  return {
    ...setup,
    samples: setup.samples === samples ? null : setup.samples,
    noise: setup.noise === noise ? null : setup.noise,
    dataSeed: setup.dataSeed === seed ? null : setup.dataSeed,
    points: same(setup.points, points) ? null : setup.points,
    start: same(setup.start, problem?.start ?? null) ? null : setup.start,
  };
}

/**
 * The run that a fork comes from, which would have gone on as it does but for what the fork changes.
 *
 * @param {KeptRun | null} fork
 * @returns {string | null}  its id; null where the fork did not take over all of its state
 */
export function parentOf(fork) {
  const { run = null, restore } = fork?.origin ?? {};
  return restore?.optimizer === true && restore.lr_scheduler ? run : null;
}

/**
 * Whether what a fork freezes is all that parts it from the run that it comes from, once that has gone on.
 *
 * @param {KeptRun} fork
 * @param {KeptRun} parent
 */
export function differsInFreezing(fork, parent) {
  /** @param {KeptRun} run */
  const rest = ({ config: { freeze: _, steps: __, ...config } }) => config;
  const freezesOther = !same(fork.config.freeze, parent.config.freeze);
  return freezesOther && parent.step > fork.first && same(rest(fork), rest(parent));
}

/**
 * What makes one recipe of another, for a fork.
 *
 * @param {Recipe} before
 * @param {Recipe} after
 * @returns {Record<string, Json>}
 */
export function changesOf(before, after) {
  const parts = ["optimizer", "lr_scheduler", "freeze", "clip_grad", "average", "hyperparameter_schedules"];
  /** @param {Record<string, unknown>} recipe */
  const pick = (recipe) =>
    /** @type {Json} */ (Object.fromEntries(parts.map((part) => [part, recipe[part] ?? null])));
  return /** @type {Record<string, Json>} */ (mergePatch(pick(before), pick(after)));
}

/**
 * The merge patch (RFC 7396) that makes one value of another. What has another name is replaced whole.
 *
 * @param {Json} before
 * @param {Json} after
 * @returns {Json}
 */
function mergePatch(before, after) {
  if (!isObject(before) || !isObject(after) || before.name !== after.name) return after;
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = keys.filter((key) => !same(before[key], after[key]));
  return Object.fromEntries(
    changed.map((key) => [key, key in after ? mergePatch(before[key], after[key]) : null]),
  );
}

/**
 * @param {Json | undefined} value
 * @returns {value is {[key: string]: Json}}
 */
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Whether two values of JSON are equal, whatever the order of their keys.
 *
 * @param {unknown} a
 * @param {unknown} b
 * @returns {boolean}
 */
export function same(a, b) {
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return Object.is(a, b);
  const [own, others] = /** @type {Record<string, unknown>[]} */ ([a, b]);
  const keys = Object.keys(own);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keys.length === Object.keys(others).length &&
    keys.every((key) => key in others && same(own[key], others[key]))
  );
}
