/**
 * The state in the address: one table, read in both directions.
 *
 * A field at its default is not written, so the first page has a bare address; the defaults are those of the problem that
 * the address names. What cannot be read is left at its default and reported, never guessed.
 */

import { suggestedState } from "./configs.js";
import { loopField, TUTORIAL_LOOP } from "./loop.js";
import { read, write } from "./notation.js";
import { planeOf, readPlane, writePlane } from "./plane.js";

/**
 * @typedef {import("./types.js").State} State
 * @typedef {import("./types.js").Catalog} Catalog
 * @typedef {import("./types.js").Run} Run
 * @typedef {import("./types.js").Call} Call
 * @typedef {import("./types.js").Choice} Choice
 * @typedef {import("./types.js").Json} Json
 */

/**
 * @template T
 * @typedef {object} Kind  how values of one type are written and read
 * @property {(value: T) => string} encode
 * @property {(text: string) => T} decode  throws if the text is no such value
 */

/**
 * @typedef {object} Entry
 * @property {string} key  in the address
 * @property {keyof State} field
 * @property {Kind<any>} kind
 */

/** Far more than the server reads of an expression. */
const LONGEST_TEXT = 1000;

/** @type {Kind<number>} */
const natural = {
  encode: String,
  decode(text) {
    if (!/^\d{1,15}$/.test(text)) throw new RangeError(`${text} is not a whole number`);
    return Number(text);
  },
};

/** @type {Kind<number>} */
const number = {
  encode: write,
  decode(text) {
    const value = read(text);
    if (typeof value !== "number") throw new RangeError(`${text} is not a number`);
    return value;
  },
};

/**
 * @template {string} T
 * @param {readonly T[]} choices
 * @returns {Kind<T>}
 */
function oneOf(choices) {
  return {
    encode: (value) => value,
    decode(text) {
      const found = choices.find((choice) => choice === text);
      if (found === undefined) throw new RangeError(`${text} is none of ${choices.join(", ")}`);
      return found;
    },
  };
}

/**
 * @template T
 * @param {Kind<T>} kind
 * @param {number} least
 * @param {number} most
 * @returns {Kind<T[]>}
 */
function listOf(kind, least, most) {
  return {
    encode: (values) => values.map(kind.encode).join(","),
    decode(text) {
      const parts = text === "" ? [] : text.split(",");
      if (parts.length < least || parts.length > most)
        throw new RangeError(`${text} has ${parts.length} parts`);
      return parts.map(kind.decode);
    },
  };
}

/**
 * Null is never written: it is the default of every field that has it, or is written as "-".
 *
 * @template T
 * @param {Kind<T>} kind
 * @returns {Kind<T | null>}
 */
function orNull(kind) {
  return {
    encode: (value) => (value === null ? "-" : kind.encode(value)),
    decode: (text) => (text === "-" ? null : kind.decode(text)),
  };
}

/** @type {Kind<string>} a name of torch's: of a parameter, or of a part of an optimizer's state */
const torchName = {
  encode: (name) => name,
  decode(text) {
    if (!/^[\w.]{1,64}$/.test(text)) throw new RangeError(`${text} is no name`);
    return text;
  },
};

/** @type {Kind<string>} */
const text = {
  encode: (value) => value,
  decode(value) {
    if (value === "" || value.length > LONGEST_TEXT) throw new RangeError("a text of no such length");
    return value;
  },
};

/** @type {Kind<import("./types.js").Window>} */
const windowKind = {
  encode: (window) => window.flat().map(number.encode).join(","),
  decode(text) {
    const [left, right, bottom, top] = listOf(number, 4, 4).decode(text);
    if (!(left < right && bottom < top)) throw new RangeError(`${text} is no window`);
    return [
      [left, right],
      [bottom, top],
    ];
  },
};

/**
 * @param {Catalog} catalog
 * @returns {Entry[]}
 */
export function urlTable(catalog) {
  const names = (/** @type {{name: string}[]} */ entries) => entries.map((entry) => entry.name);
  return [
    { key: "problem", field: "problem", kind: oneOf(names(catalog.problems)) },
    { key: "samples", field: "samples", kind: orNull(natural) },
    { key: "noise", field: "noise", kind: orNull(number) },
    { key: "data", field: "dataSeed", kind: orNull(natural) },
    { key: "expression", field: "expression", kind: orNull(text) },
    { key: "bounds", field: "bounds", kind: orNull(windowKind) },
    { key: "hidden", field: "hidden", kind: listOf(natural, 0, catalog.limits.max_hidden_layers) },
    { key: "activation", field: "activation", kind: oneOf(names(catalog.activations)) },
    { key: "seed", field: "seed", kind: natural },
    { key: "start", field: "start", kind: orNull(listOf(number, 2, 2)) },
    { key: "steps", field: "steps", kind: natural },
    { key: "dtype", field: "dtype", kind: oneOf(["float32", "float64"]) },
    { key: "batch", field: "batchSize", kind: orNull(natural) },
    { key: "runs", field: "runs", kind: runsKind(catalog) },
    { key: "selected", field: "selected", kind: natural },
    { key: "plane", field: "plane", kind: { encode: writePlane, decode: readPlane } },
    { key: "window", field: "window", kind: orNull(windowKind) },
    { key: "surface", field: "surfaceScale", kind: oneOf(["log", "equalised", "linear"]) },
    { key: "loss", field: "lossScale", kind: oneOf(["log", "linear"]) },
    { key: "lr", field: "lrScale", kind: oneOf(["log", "linear"]) },
    { key: "grad_norm", field: "gradNormScale", kind: oneOf(["log", "linear"]) },
    { key: "sharpness", field: "sharpnessScale", kind: oneOf(["log", "linear"]) },
    { key: "view", field: "mode", kind: oneOf(["contour", "3d", "data"]) },
    { key: "network", field: "network", kind: oneOf(["weights", "gradients"]) },
    { key: "plots", field: "panel", kind: oneOf(["training", "step", "state", "curvature"]) },
    { key: "parameter", field: "parameter", kind: orNull(torchName) },
    { key: "quantity", field: "quantity", kind: orNull(torchName) },
    { key: "speed", field: "speed", kind: number },
    { key: "language", field: "language", kind: orNull(oneOf(["en", "zh"])) },
    { key: "theme", field: "theme", kind: orNull(oneOf(["light", "dark"])) },
    { key: "step", field: "step", kind: orNull(natural) },
  ];
}

/**
 * The state of an address that names a problem and nothing else.
 *
 * @param {Catalog} catalog
 * @param {string} [problem]  the catalog's choice, unless given
 * @returns {State}
 */
export function defaultState(catalog, problem = catalog.defaults.comparison.runs[0].problem.name) {
  return {
    ...suggestedState(catalog, problem),
    selected: 0,
    plane: planeOf("pca"),
    window: null,
    surfaceScale: "log",
    lossScale: "log",
    lrScale: "linear",
    gradNormScale: "log",
    sharpnessScale: "log",
    mode: "contour",
    network: "weights",
    panel: "training",
    parameter: null,
    quantity: null,
    step: null,
    speed: 30,
    language: null,
    theme: null,
  };
}

/**
 * @param {State} state
 * @param {Catalog} catalog
 * @returns {string}  a query, with its "?", or nothing for the default state
 */
export function encodeState(state, catalog) {
  const defaults = { ...defaultState(catalog, state.problem), problem: defaultState(catalog).problem };
  const parts = urlTable(catalog)
    .map(({ key, field, kind }) => ({
      key,
      text: kind.encode(state[field]),
      standard: kind.encode(defaults[field]),
    }))
    .filter(({ text, standard }) => text !== standard)
    .map(({ key, text }) => `${key}=${escape(text)}`);
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/**
 * @param {string} query
 * @param {Catalog} catalog
 * @returns {{state: State, unread: string[]}}  unread: the keys whose value could not be read
 */
export function decodeState(query, catalog) {
  const parameters = new URLSearchParams(query);
  const known = catalog.problems.find(({ name }) => name === parameters.get("problem"));
  const state = defaultState(catalog, known?.name);
  /** @type {string[]} */
  const unread = [];
  for (const { key, field, kind } of urlTable(catalog)) {
    const text = parameters.get(key);
    if (text === null) continue;
    try {
      Object.assign(state, { [field]: kind.decode(text) });
    } catch {
      unread.push(key);
    }
  }
  if (!state.runs.some((run) => run.slot === state.selected)) {
    if (parameters.has("selected")) unread.push("selected");
    state.selected = state.runs[0].slot;
  }
  return { state, unread };
}

/**
 * Percent-encode what a query may not hold; brackets, commas and colons may stay, and links are easier to read so.
 *
 * @param {string} text
 */
function escape(text) {
  return encodeURIComponent(text).replace(/%(28|29|2C|3A|5B|5D)/g, decodeURIComponent);
}

/**
 * Runs, each as `(optimizer:Adam(lr:0.01),lr_scheduler:…,freeze:[fc2],clip_grad:…)`, or `Adam(lr:0.01)` alone if it has
 * nothing else.
 *
 * @param {Catalog} catalog
 * @returns {Kind<Run[]>}
 */
function runsKind(catalog) {
  return {
    encode: (runs) => write(runs.map(packRun)),
    decode(text) {
      const packed = read(text);
      if (!Array.isArray(packed) || packed.length === 0) throw new RangeError("at least one run is needed");
      if (packed.length > catalog.limits.max_compared_runs) throw new RangeError("too many runs");
      const runs = packed.map((one, index) => unpackRun(one, index, catalog));
      if (new Set(runs.map((run) => run.slot)).size < runs.length)
        throw new RangeError("two runs in one slot");
      return runs;
    },
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
  if (run.slot !== index) packed.slot = run.slot;
  if (run.kept !== undefined) packed.kept = /** @type {any} */ (run.kept);
  return Object.keys(packed).length === 1 ? run.optimizer : packed;
}

/**
 * @param {import("./types.js").Freeze} rule
 * @returns {Json}
 */
function packFreeze(rule) {
  return Object.keys(rule).length === 1 && rule.params.length === 1 ? rule.params[0] : rule;
}

/**
 * @param {Json} packed
 * @param {number} index
 * @param {Catalog} catalog
 * @returns {Run}
 */
function unpackRun(packed, index, catalog) {
  const parts = asObject(packed);
  if ("hyperparameters" in parts) return unpackRun({ optimizer: packed }, index, catalog);
  const {
    optimizer,
    lr_scheduler: scheduler = null,
    freeze = [],
    clip_grad: clip = null,
    slot = index,
    loop,
    kept,
  } = parts;
  if (!Number.isInteger(slot) || Number(slot) < 0 || Number(slot) > 99) throw new RangeError("no such slot");
  if (!Array.isArray(freeze)) throw new RangeError("freeze is a list");
  return {
    slot: Number(slot),
    optimizer: asCall(optimizer, catalog.optimizers),
    lr_scheduler: scheduler === null ? null : asCall(scheduler, catalog.lr_schedulers),
    freeze: freeze.map(unpackFreeze),
    clip_grad: clip === null ? null : asClip(clip, catalog.clipping),
    ...(loop !== undefined && loopField(asLoop(loop))),
    ...(kept !== undefined && { kept: asKept(kept) }),
  };
}

/**
 * @param {Json} packed
 * @returns {import("./types.js").Freeze}
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
 * @param {Choice[]} choices
 * @returns {Call}
 */
function asCall(value, choices) {
  const { name, hyperparameters, ...fields } = asObject(value);
  if (!choices.some((choice) => choice.name === name)) throw new RangeError(`unknown ${String(name)}`);
  asObject(hyperparameters);
  for (const [field, content] of Object.entries(fields)) {
    const check = CALL_FIELDS[field];
    if (check === undefined) throw new RangeError(`unknown ${field}`);
    check(content, choices);
  }
  return /** @type {Call} */ (value);
}

/**
 * What a call can have besides its arguments: the groups and the second optimizer of an optimizer, the parts and the
 * rhythm of a scheduler.
 *
 * @type {Record<string, (value: Json, choices: Choice[]) => void>}
 */
const CALL_FIELDS = {
  param_groups: (value) => asList(value).forEach((group) => asNames(asObject(group).params)),
  rest: (value, choices) => void asCall(value, choices),
  schedulers: (value, choices) => asList(value).forEach((part) => asCall(part, choices)),
  milestones: (value) => asList(value).forEach(asCount),
  interval: asCount,
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
 * @param {Choice[]} choices
 * @returns {import("./types.js").Clip}
 */
function asClip(value, choices) {
  const { name } = asObject(value);
  if (!choices.some((choice) => choice.name === name)) throw new RangeError(`unknown ${String(name)}`);
  return /** @type {import("./types.js").Clip} */ (value);
}

/**
 * @param {Json} value
 * @returns {Partial<import("./loop.js").Loop>}
 */
function asLoop(value) {
  const loop = asObject(value);
  for (const [habit, is] of Object.entries(loop)) {
    if (!(habit in TUTORIAL_LOOP) || typeof is !== "boolean") throw new RangeError(`unknown ${habit}`);
  }
  return loop;
}

/**
 * @param {Json} value
 * @returns {import("./types.js").KeptReference}
 */
function asKept(value) {
  const { id, first, without } = asObject(value);
  if (typeof id !== "string" || !/^[\w-]{1,64}$/.test(id)) throw new RangeError("no such run");
  if (!Number.isSafeInteger(first) || Number(first) < 0) throw new RangeError("no such step");
  const parts = ["optimizer", "lr_scheduler"];
  if (!Array.isArray(without) || !without.every((part) => parts.includes(String(part))))
    throw new RangeError("no such state");
  return /** @type {any} */ ({ id, first, without });
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
