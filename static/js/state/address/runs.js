/**
 * The runs of a comparison in an address.
 */

import { unpackAverage } from "./averages.js";
import { unpackFactors } from "./factors.js";
import { problemOf } from "../catalog.js";
import { changeClass } from "../edits.js";
import { LOOP_LINES, loopField } from "../loop.js";
import { read, write } from "../notation.js";
import { suggestedCall } from "../optimizers.js";

/**
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").Run} Run
 * @typedef {import("../types.js").Call} Call
 * @typedef {import("../types.js").Choice} Choice
 * @typedef {import("../types.js").Json} Json
 *
 * @typedef {object} Choices  what calls in an address can be of, and what a name by itself stands for
 * @property {Choice[]} optimizers
 * @property {Choice[]} schedulers
 * @property {Choice[]} clipping
 * @property {(choice: Choice) => Call} optimizer  with the values that the problem suggests
 * @property {(choice: Choice) => Call} other  a scheduler or a clipping, with what it needs
 */

/**
 * Runs, each as `(optimizer:Adam(lr:0.01),lr_scheduler:…,freeze:[fc2],clip_grad:…)`, or `Adam(lr:0.01)` alone if it has
 * nothing else. A class without parentheses, `Adam`, has the values that the problem suggests for it.
 *
 * @param {Catalog} catalog
 * @returns {import("./kinds.js").KindAfter<Run[]>}
 */
export function runsKind(catalog) {
  return {
    encode: (runs) => write(runs.map(packRun)),
    decode(text, before) {
      const packed = read(text);
      if (!Array.isArray(packed) || packed.length === 0) throw new RangeError("at least one run is needed");
      if (packed.length > catalog.limits.max_compared_runs) throw new RangeError("too many runs");
      const choices = choicesOn(catalog, before);
      const runs = packed.map((one, index) => unpackRun(one, index, choices));
      if (new Set(runs.map((run) => run.slot)).size < runs.length)
        throw new RangeError("two runs in one slot");
      return runs;
    },
  };
}

/**
 * Whether a list of runs, as it is written in an address, has optimizers by their names alone.
 *
 * @param {string} text
 * @param {Catalog} catalog
 */
export function leavesRatesOut(text, { optimizers }) {
  /** @param {Json} value @returns {boolean} */
  const hasName = (value) => {
    if (typeof value === "string") return optimizers.some(({ name }) => name === value);
    if (typeof value !== "object" || value === null) return false;
    return Object.entries(value).some(([key, part]) => !["name", "watched"].includes(key) && hasName(part));
  };
  try {
    return hasName(read(text));
  } catch {
    return false; // what cannot be read is reported as it is decoded
  }
}

/**
 * @param {Catalog} catalog
 * @param {Pick<import("../types.js").State, "problem" | "steps">} before  what the address says of all runs
 * @returns {Choices}
 */
function choicesOn(catalog, { problem, steps }) {
  const place = { catalog, problem: problemOf(catalog, problem), steps };
  return {
    ...{ optimizers: catalog.optimizers, schedulers: catalog.lr_schedulers, clipping: catalog.clipping },
    optimizer: (choice) => suggestedCall(choice, place),
    other: (choice) => changeClass(null, choice, steps),
  };
}

/**
 * @param {Run} run
 * @param {number} index
 * @returns {Json}
 */
function packRun(run, index) {
  /** @type {Record<string, Json>} */
  const packed = { optimizer: run.optimizer };
  if (run.lr_scheduler !== null) packed.lr_scheduler = run.lr_scheduler;
  if (run.freeze.length > 0) packed.freeze = run.freeze.map(packFreeze);
  if (run.clip_grad !== null) packed.clip_grad = run.clip_grad;
  if (run.loop !== undefined) packed.loop = run.loop;
  if (run.average !== undefined) packed.average = run.average;
  if (run.hyperparameter_schedules !== undefined)
    packed.hyperparameter_schedules = /** @type {any} */ (run.hyperparameter_schedules);
  if (run.slot !== index) packed.slot = run.slot;
  if (run.earlier !== undefined) packed.earlier = run.earlier;
  if (run.kept !== undefined) packed.kept = /** @type {any} */ (run.kept);
  return Object.keys(packed).length === 1 ? run.optimizer : packed;
}

/**
 * @param {import("../types.js").Freeze} rule
 * @returns {Json}
 */
function packFreeze(rule) {
  return Object.keys(rule).length === 1 && rule.params.length === 1 ? rule.params[0] : rule;
}

/**
 * @param {Json} packed
 * @param {number} index
 * @param {Choices} choices
 * @returns {Run}
 */
function unpackRun(packed, index, choices) {
  if (typeof packed === "string") return unpackRun({ optimizer: packed }, index, choices);
  const parts = asObject(packed);
  if ("hyperparameters" in parts) return unpackRun({ optimizer: packed }, index, choices);
  const {
    optimizer,
    lr_scheduler: scheduler = null,
    freeze = [],
    clip_grad: clip = null,
    slot = index,
    loop,
    average,
    hyperparameter_schedules: factors,
    earlier,
    kept,
  } = parts;
  if (!Number.isInteger(slot) || Number(slot) < 0 || Number(slot) > 99) throw new RangeError("no such slot");
  if (!Array.isArray(freeze)) throw new RangeError("freeze is a list");
  const isForeign = kept !== undefined && asKept(kept).watched !== undefined;
  return {
    slot: Number(slot),
    optimizer: (isForeign ? asForeign : asOptimizer)(optimizer, choices),
    lr_scheduler: scheduler === null ? null : (isForeign ? asForeign : asScheduler)(scheduler, choices),
    freeze: freeze.map(unpackFreeze),
    clip_grad: clip === null ? null : asClip(clip, choices),
    ...(loop !== undefined && loopField(asLoop(loop))),
    ...(average !== undefined && unpackAverage(average)),
    ...(factors !== undefined && unpackFactors(factors)),
    ...(earlier !== undefined && {
      earlier: asList(earlier).map((call) => asOptimizer(call, choices)),
    }),
    ...(kept !== undefined && { kept: asKept(kept) }),
  };
}

/**
 * @param {Json} packed
 * @returns {import("../types.js").Freeze}
 */
function unpackFreeze(packed) {
  if (typeof packed === "string") return { params: [packed] };
  const { params, from_step: from, to_step: to } = asObject(packed);
  if (!Array.isArray(params) || !params.every((name) => typeof name === "string"))
    throw new RangeError("no layers");
  for (const step of [from, to]) {
    if (step !== undefined && step !== null && typeof step !== "number") throw new RangeError("no such step");
  }
  return /** @type {any} */ (packed);
}

/**
 * @param {Json | undefined} value
 * @param {Choices} choices
 * @returns {Call}
 */
function asOptimizer(value, choices) {
  if (typeof value === "string") return choices.optimizer(named(value, choices.optimizers));
  const call = asCall(value, choices.optimizers, OPTIMIZER_FIELDS);
  return call.rest === undefined
    ? call
    : { ...call, rest: asOptimizer(/** @type {Json} */ (call.rest), choices) };
}

/**
 * @param {Json | undefined} value
 * @param {Choices} choices
 * @returns {Call}
 */
function asScheduler(value, choices) {
  if (typeof value === "string") return choices.other(named(value, choices.schedulers));
  const call = asCall(value, choices.schedulers, SCHEDULER_FIELDS);
  if (call.schedulers === undefined) return call;
  return {
    ...call,
    schedulers: asList(/** @type {Json} */ (call.schedulers)).map((part) => asScheduler(part, choices)),
  };
}

/**
 * @param {unknown} name
 * @param {Choice[]} choices
 */
function named(name, choices) {
  const choice = choices.find((one) => one.name === name);
  if (choice === undefined) throw new RangeError(`unknown ${String(name)}`);
  return choice;
}

/**
 * @param {Json | undefined} value
 * @param {Choice[]} choices
 * @param {Record<string, (value: Json) => void>} others  what it can have besides its arguments
 * @returns {Call}
 */
function asCall(value, choices, others) {
  const { name, hyperparameters, ...fields } = asObject(value);
  named(name, choices);
  asObject(hyperparameters);
  for (const [field, content] of Object.entries(fields)) {
    if (!Object.hasOwn(others, field)) throw new RangeError(`unknown ${field}`);
    others[field](content);
  }
  return /** @type {Call} */ (value);
}

/**
 * A call of a loop that is not ours: of any class, for its name and its arguments alone.
 *
 * @param {Json | undefined} value
 * @returns {Call}
 */
function asForeign(value) {
  const { name, hyperparameters } = asObject(value);
  if (typeof name !== "string") throw new RangeError("not a name");
  const given = asObject(hyperparameters);
  const plain = (/** @type {Json} */ one) => typeof one === "number" || typeof one === "boolean";
  if (!Object.values(given).every((one) => plain(one) || (Array.isArray(one) && one.every(plain))))
    throw new RangeError("not hyperparameters");
  return { name, hyperparameters: given };
}

/** The groups of an optimizer, and the second one for what it cannot take. */
const OPTIMIZER_FIELDS = {
  param_groups: (/** @type {Json} */ value) =>
    asList(value).forEach((group) => {
      const { params, from_step: from = 0 } = asObject(group);
      asNames(params);
      if (from !== 0) asCount(from);
    }),
  rest: () => {}, // an optimizer itself
};

/** The parts and the rhythm of a scheduler. */
const SCHEDULER_FIELDS = {
  schedulers: () => {}, // each a scheduler itself
  milestones: (/** @type {Json} */ value) => asList(value).forEach(asCount),
  interval: asCount,
  epoch_steps: asCount,
};

/** @param {Json | undefined} value */
function asList(value) {
  if (!Array.isArray(value) || value.length === 0) throw new RangeError("not a list");
  return value;
}

/** @param {Json | undefined} value */
function asNames(value) {
  if (!asList(value).every((name) => typeof name === "string")) throw new RangeError("not a list of names");
}

/** @param {Json} value */
function asCount(value) {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw new RangeError("not a count");
}

/**
 * @param {Json} value
 * @param {Choices} choices
 * @returns {import("../types.js").Clip}
 */
function asClip(value, choices) {
  if (typeof value === "string") {
    const { name, hyperparameters } = choices.other(named(value, choices.clipping));
    return /** @type {import("../types.js").Clip} */ ({ name, ...hyperparameters });
  }
  named(asObject(value).name, choices.clipping);
  return /** @type {import("../types.js").Clip} */ (value);
}

/** @type {Record<keyof import("../loop.js").Loop, (value: Json) => void>} */
const LOOP_FIELDS = {
  zero_grad: asSwitch,
  set_to_none: asSwitch,
  scheduler_first: asSwitch,
  accumulate: asCount,
  scale_loss: asSwitch,
  autocast: (value) => asOneOf(value, ["bfloat16"]),
  order: (value) => asList(value).forEach((line) => asOneOf(line, LOOP_LINES)),
  restart(value) {
    const { step, ...parts } = asObject(value);
    if (step !== 0) asCount(step);
    for (const [part, is] of Object.entries(parts)) {
      asOneOf(part, ["optimizer", "lr_scheduler"]);
      asSwitch(is);
    }
  },
  replaced: asNames,
  gradient_delay: asCount,
  drift(value) {
    const drift = asObject(value);
    if (drift.name === "linear") return asPair(drift.velocity);
    asOneOf(drift.name, ["circular"]);
    asFinite(drift.radius);
    asCount(drift.period);
  },
};

/**
 * @param {Json} value
 * @returns {Partial<import("../loop.js").Loop>}
 */
function asLoop(value) {
  const loop = asObject(value);
  for (const [field, content] of Object.entries(loop)) {
    if (!Object.hasOwn(LOOP_FIELDS, field)) throw new RangeError(`unknown ${field}`);
    LOOP_FIELDS[/** @type {keyof typeof LOOP_FIELDS} */ (field)](content);
  }
  return loop;
}

/** @param {Json} value */
function asFinite(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) throw new RangeError("not a number");
}

/** @param {Json} value */
function asPair(value) {
  const pair = asList(value);
  if (pair.length !== 2) throw new RangeError("not two numbers");
  pair.forEach(asFinite);
}

/** @param {Json} value */
function asSwitch(value) {
  if (typeof value !== "boolean") throw new RangeError("neither true nor false");
}

/**
 * @param {Json} value
 * @param {readonly string[]} choices
 */
function asOneOf(value, choices) {
  if (!choices.includes(String(value))) throw new RangeError(`none of ${choices.join(", ")}`);
}

/**
 * @param {Json} value
 * @returns {import("../types.js").KeptReference}
 */
function asKept(value) {
  const { id, first, without, watched } = asObject(value);
  if (typeof id !== "string" || !/^[\w-]{1,64}$/.test(id)) throw new RangeError("no such run");
  if (!Number.isSafeInteger(first) || Number(first) < 0) throw new RangeError("no such step");
  const parts = ["optimizer", "lr_scheduler"];
  if (!Array.isArray(without) || !without.every((part) => parts.includes(String(part))))
    throw new RangeError("no such state");
  if (watched !== undefined && typeof watched !== "string") throw new RangeError("no such name");
  return /** @type {any} */ ({ id, first, without, ...(watched !== undefined && { watched }) });
}

/**
 * @param {Json | undefined} value
 * @returns {Record<string, Json>}
 */
function asObject(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new RangeError("not an object");
  return value;
}
