/**
 * What a person can do to the runs: functions from a state to the fields of it that change.
 */

import { trainable } from "./watched.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Hyperparameter} Hyperparameter
 * @typedef {import("./types.js").Json} Json
 */

/**
 * @param {State} state
 * @param {number} slot
 * @returns {Run | undefined}
 */
export function runAt(state, slot) {
  return state.runs.find((run) => run.slot === slot);
}

/**
 * @param {Pick<State, "runs" | "selected">} state
 * @returns {Run}  the one that is selected, or else the first
 */
export function selectedRun({ runs, selected }) {
  return runs.find(({ slot }) => slot === selected) ?? runs[0];
}

/**
 * @param {State} state
 * @param {number} slot
 * @param {Partial<Run>} change
 * @returns {Partial<State>}
 */
export function editRun(state, slot, change) {
  return { runs: state.runs.map((run) => (run.slot === slot ? { ...run, ...change } : run)) };
}

/**
 * A further run, which is selected: a copy of the given one, or of the last that can be trained.
 *
 * @param {State} state
 * @param {number} [slot]
 * @param {() => Run[]} [suggested]  what there is where none can be
 * @returns {Partial<State>}
 */
export function addRun(state, slot, suggested = () => state.runs) {
  const { runs } = trainable(state, suggested);
  const origin = (slot === undefined ? undefined : runAt(state, slot)) ?? runs[runs.length - 1];
  const { kept: _, ...recipe } = structuredClone(origin);
  const copy = { ...recipe, slot: freeSlot(state.runs) };
  return { runs: [...state.runs, copy], selected: copy.slot };
}

/**
 * All runs but one; the last run stays, for a comparison has at least one.
 *
 * @param {State} state
 * @param {number} slot
 * @returns {Partial<State>}
 */
export function removeRun(state, slot) {
  if (state.runs.length === 1) return {};
  const index = state.runs.findIndex((run) => run.slot === slot);
  const runs = state.runs.filter((run) => run.slot !== slot);
  const neighbour = runs[Math.max(0, Math.min(index, runs.length - 1))];
  return { runs, selected: state.selected === slot ? neighbour.slot : state.selected };
}

/** @param {Run[]} runs */
export function freeSlot(runs) {
  const taken = new Set(runs.map((run) => run.slot));
  let slot = 0;
  while (taken.has(slot)) slot += 1;
  return slot;
}

/**
 * @param {unknown} a
 * @param {unknown} b
 */
export function equal(a, b) {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * Another class in the place of one: what it needs a value for gets one, and arguments that both know stay.
 *
 * @param {Call | null} call
 * @param {Choice} choice  the class to change to
 * @param {number} steps  of the run, for arguments that say how long something takes
 * @returns {Call}
 */
export function changeClass(call, choice, steps) {
  /** @type {Record<string, Json>} */
  const hyperparameters = {};
  for (const declared of choice.hyperparameters) {
    const kept = call?.hyperparameters[declared.name];
    if (kept !== undefined && suits(declared, kept)) hyperparameters[declared.name] = kept;
    else if (declared.required || declared.name === "total_steps") {
      hyperparameters[declared.name] = firstValue(declared, steps);
    }
  }
  return { name: choice.name, hyperparameters };
}

/**
 * @param {Choice} choice
 * @param {{params: string[], [name: string]: Json}} group
 * @returns {Json}
 */
export function knownTo(choice, { params, from_step: from, ...own }) {
  const known = Object.entries(own).filter(([name, value]) =>
    choice.hyperparameters.some((declared) => declared.name === name && suits(declared, value)),
  );
  return { params, ...(from !== undefined && { from_step: from }), ...Object.fromEntries(known) };
}

/** Arguments that should span the run: the schedule ends when the run does. */
const SPANS = new Set(["T_max", "total_steps"]);

/**
 * @param {Hyperparameter} declared
 * @param {number} steps
 * @returns {Json}
 */
export function firstValue(declared, steps) {
  return SPANS.has(declared.name) ? steps : (declared.suggested ?? declared.minimum ?? null);
}

/**
 * @param {Hyperparameter} declared
 * @param {Json} value
 */
export function suits(declared, value) {
  const kinds = {
    float: typeof value === "number",
    int: Number.isInteger(value),
    bool: typeof value === "boolean",
    pair: Array.isArray(value) && value.length === 2,
    triple: Array.isArray(value) && value.length === 3,
    choice: declared.choices?.some((choice) => choice === value) ?? false,
    int_list: Array.isArray(value),
    expression: typeof value === "string",
  };
  return kinds[declared.kind] && (typeof value !== "number" || withinBounds(declared, value));
}

/**
 * @param {Hyperparameter} declared
 * @param {number} value
 */
export function withinBounds(declared, value) {
  const { minimum, maximum, exclusive_minimum: above, exclusive_maximum: below } = declared;
  if (typeof minimum === "number" && (value < minimum || (above === true && value === minimum))) return false;
  return !(typeof maximum === "number" && (value > maximum || (below === true && value === maximum)));
}

/**
 * One argument of a class, in the order in which the class declares them; torch's own default needs no mention.
 *
 * @param {Call} call
 * @param {Choice} choice  what the catalog says of the class
 * @param {string} name
 * @param {Json} value
 * @returns {Call}
 */
export function setHyperparameter(call, choice, name, value) {
  const given = { ...call.hyperparameters, [name]: value };
  const mentioned = choice.hyperparameters.filter(
    (declared) =>
      declared.name in given &&
      (declared.required === true || !equal(given[declared.name], declared.default)),
  );
  const hyperparameters = Object.fromEntries(
    mentioned.map((declared) => [declared.name, given[declared.name]]),
  );
  return { ...call, hyperparameters };
}

/**
 * The value that torch will use.
 *
 * @param {Call} call
 * @param {Hyperparameter} declared
 * @returns {Json}
 */
export function valueOf(call, declared) {
  const value = call.hyperparameters[declared.name];
  return value === undefined ? declared.default : value;
}
