/**
 * Maps that people ask for, made of the runs of the page: what each changes of the state.
 */

import { problemOf } from "../catalog.js";
import { chooseProblem } from "../choose-problem.js";
import { freeSlot, selectedRun } from "../edits.js";
import { NETWORK } from "../offers.js";
import { choiceOf, rateOf, unchosenRate, withRate } from "../suggested-rates.js";
import { RATES } from "./axis.js";
import { fieldsOf } from "./fields.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("./axis.js").Axis} Axis
 * @typedef {(state: State, catalog: Catalog) => Partial<State>} Preset
 */

const HYPERPARAMETERS = "/optimizer/hyperparameters";
const BOWL = "quadratic-bowl";

/** How the warm-up of its preset begins. */
const WARM_UP = { name: "LinearLR", start_factor: 0.01 };

/** @type {Record<string, Preset>} */
const PRESETS = {
  rates: (state) => ({
    ...shown(state, { kind: "curve" }, { x: { ...RATES, from: 1e-5, count: 48 } }),
    runs: state.runs.map(cold),
  }),

  bowl: (state, catalog) => {
    const before = state.problem === BOWL ? {} : chooseProblem(state, catalog, BOWL);
    const sgd = { name: "SGD", hyperparameters: { lr: 0.01, momentum: 0.9 } };
    const run = { ...selectedRun(state), optimizer: sgd, lr_scheduler: null, freeze: [], clip_grad: null };
    const x = /** @type {Axis} */ ({
      path: `${HYPERPARAMETERS}/lr`,
      from: 0.001,
      to: 0.045,
      count: 20,
      scale: "linear",
    });
    const y = /** @type {Axis} */ ({
      path: `${HYPERPARAMETERS}/momentum`,
      from: 0,
      to: 0.98,
      count: 14,
      scale: "linear",
    });
    return { ...before, ...shown(state, { kind: "map", of: "selected" }, { x, y }), ...onlyRun(run) };
  },

  batch: (before, catalog) => {
    const state = onNetwork(before, catalog);
    const y = fieldAt(state, catalog, "/batch_size");
    return {
      ...state,
      ...shown(state, { kind: "map" }, { x: RATES, y, seeds: 3 }),
      runs: state.runs.map(cold),
    };
  },

  warmup: (before, catalog) => {
    const state = onNetwork(before, catalog);
    const most = Math.max(2, Math.floor(state.steps / 2));
    const run = selectedRun(state);
    const warmUp = {
      name: WARM_UP.name,
      hyperparameters: { start_factor: WARM_UP.start_factor, total_iters: Math.round(most / 2) },
    };
    const y = /** @type {Axis} */ ({
      path: "/lr_scheduler/hyperparameters/total_iters",
      ...{ from: 1, to: most, count: Math.min(12, most), scale: "linear" },
    });
    const runs = state.runs.map((one) =>
      one.slot === run.slot ? { ...own(run), lr_scheduler: warmUp } : one,
    );
    return { ...state, ...shown(state, { kind: "map", of: "selected" }, { x: RATES, y, seeds: 3 }), runs };
  },

  decay: (before, catalog) => {
    const state = onNetwork(before, catalog);
    const run = { ...own(selectedRun(state)), lr_scheduler: null, freeze: [], clip_grad: null };
    const named = (/** @type {string} */ name, /** @type {Run[]} */ before) => ({
      ...{ ...run, slot: freeSlot(before) },
      optimizer: atSuggestedRate(state, catalog, { name, hyperparameters: { weight_decay: 0.01 } }),
    });
    const adam = named("Adam", []);
    const runs = [adam, named("AdamW", [adam])];
    const y = /** @type {Axis} */ ({
      path: `${HYPERPARAMETERS}/weight_decay`,
      from: 1e-5,
      to: 1,
      count: 24,
      scale: "log",
    });
    const map = shown(state, { kind: "map", of: "all" }, { x: RATES, y, seeds: 3 });
    return { ...state, ...map, runs, selected: 0 };
  },
};

/**
 * The presets that mean something for the page as it is.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {string[]}
 */
export function presetsFor(state, catalog) {
  const choice = choiceOf(catalog, selectedRun(state).optimizer);
  const hasRate = choice === undefined || rateOf(choice) !== undefined;
  const hasBowl = catalog.problems.some(({ name }) => name === BOWL);
  const means = { rates: hasRate, bowl: hasBowl, batch: true, warmup: hasRate, decay: true };
  return Object.entries(means).flatMap(([name, does]) => (does ? [name] : []));
}

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {string} name
 * @returns {Partial<State>}
 */
export function presetOf(state, catalog, name) {
  return PRESETS[name](state, catalog);
}

/**
 * The page on a problem whose network has batches, seeds and weights: as it is, or two moons in the place of a function.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {State}
 */
function onNetwork(state, catalog) {
  if (problemOf(catalog, state.problem).kind !== "function") return state;
  return { ...state, ...chooseProblem(state, catalog, NETWORK) };
}

/**
 * A run without the warm-up that the preset of that name left.
 *
 * @param {Run} run
 * @returns {Run}
 */
function cold(run) {
  const { name, hyperparameters } = run.lr_scheduler ?? {};
  const isLeft = name === WARM_UP.name && hyperparameters?.start_factor === WARM_UP.start_factor;
  return isLeft && run.kept === undefined ? { ...run, lr_scheduler: null } : run;
}

/**
 * @param {State} state
 * @param {Partial<State["tune"]>} tune
 * @param {Partial<State["sweep"]>} sweep
 * @returns {Partial<State>}
 */
function shown(state, tune, sweep) {
  return { tune: { ...state.tune, show: "end", ...tune }, sweep: { ...state.sweep, ...sweep } };
}

/**
 * A run of the page's own, also where it was one that the server keeps.
 *
 * @param {Run} run
 * @returns {Run}
 */
function own({ kept: _, earlier: __, ...run }) {
  return run;
}

/**
 * An optimizer at the rate that the problem of the page suggests for it.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {import("../types.js").Call} call
 */
function atSuggestedRate(state, catalog, call) {
  const choice = choiceOf(catalog, call);
  if (choice === undefined) return call;
  return withRate(call, choice, unchosenRate(problemOf(catalog, state.problem), choice, call));
}

/** @param {Run} run */
function onlyRun(run) {
  return { runs: [own(run)], selected: run.slot };
}

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @param {string} path
 */
function fieldAt(state, catalog, path) {
  return fieldsOf(state, catalog).find((axis) => axis.path === path) ?? null;
}
