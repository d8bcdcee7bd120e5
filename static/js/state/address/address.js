/**
 * From the state to the address that says it, and back.
 *
 * A bare address begins with what the catalog compares first. Every other one says its version, which fixes what it leaves
 * out, so that a link shows the same for ever; one without a version is of the first. What cannot be read is left at its
 * default and reported, never guessed.
 */

import { DEFAULTS_V1 } from "./defaults-v1.js";
import { nearest } from "./nearest.js";
import { leavesRatesOut } from "./runs.js";
import { addressTable, defaultState, lookTable, valueOf, withValue } from "./table.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").ViewKeys} ViewKeys
 * @typedef {typeof DEFAULTS_V1} Defaults
 */

const VERSION = "2";
const UNWRITTEN_VERSION = "1";

/** @type {Record<string, Defaults>} what an address leaves out, by its version */
const DEFAULTS = { [UNWRITTEN_VERSION]: DEFAULTS_V1, [VERSION]: DEFAULTS_V1 };

/**
 * In a lesson the runs are always written: an address that leaves them out shows those of the lesson.
 *
 * @param {State} state
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {string}  a query, with its "?", or nothing for what a bare address begins with
 */
export function encodeState(state, catalog, views) {
  const table = addressTable(catalog, views);
  const written = (/** @type {Partial<State>} */ values) =>
    table.map((entry) =>
      entry.field in values ? `${entry.key}=${escape(entry.kind.encode(valueOf(values, entry)))}` : "",
    );
  const parts = written(state);
  if (same(parts, written(defaultState(catalog)))) return "";
  const leftOut = written(leftOutBy(DEFAULTS[VERSION], state.problem));
  const stays = (/** @type {string} */ part, /** @type {number} */ i) =>
    part !== leftOut[i] || (state.lesson !== null && table[i].key === "runs");
  return `?${[`v=${VERSION}`, ...parts.filter(stays)].join("&")}`;
}

/**
 * @param {string} query
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {{state: State, unread: string[]}}  unread: the keys whose value could not be read, and names that are like a key
 */
export function decodeState(query, catalog, views) {
  const parameters = new URLSearchParams(query);
  const table = addressTable(catalog, views);
  if (!["v", ...table.map(({ key }) => key)].some((key) => parameters.has(key)))
    return { state: defaultState(catalog), unread: mistakenIn(parameters, table) };
  const version = parameters.get("v") ?? UNWRITTEN_VERSION;
  const isKnown = Object.hasOwn(DEFAULTS, version);
  const state = beginning(catalog, DEFAULTS[isKnown ? version : VERSION], parameters.get("problem"));
  return read(parameters, table, state, [...(isKnown ? [] : ["v"]), ...mistakenIn(parameters, table)]);
}

/**
 * The problems whose suggested rates are to be known before an address is read: it names optimizers alone.
 *
 * @param {string} query
 * @param {Catalog} catalog
 * @returns {string[]}
 */
export function problemsToKnow(query, catalog) {
  const parameters = new URLSearchParams(query);
  if (!leavesRatesOut(parameters.get("runs") ?? "", catalog)) return [];
  const { problem } = decodeState(query, catalog, { tabs: [], scales: {} }).state;
  return catalog.problems
    .filter(({ name, rates }) => name === problem && rates === undefined)
    .map(({ name }) => name);
}

/**
 * A state looked at as an address asks: what is trained stays as it is.
 *
 * @param {string} query
 * @param {State} state
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {{state: State, unread: string[]}}  unread: also the keys of what is trained
 */
export function decodeLook(query, state, catalog, views) {
  const parameters = new URLSearchParams(query);
  const look = lookTable(views);
  const table = addressTable(catalog, views);
  const fixed = table.filter(({ key }) => parameters.has(key) && !look.some((entry) => entry.key === key));
  const isKnown = Object.hasOwn(DEFAULTS, parameters.get("v") ?? UNWRITTEN_VERSION);
  const unread = [
    ...(isKnown ? [] : ["v"]),
    ...fixed.map(({ key }) => key),
    ...mistakenIn(parameters, table),
  ];
  return read(parameters, look, state, unread);
}

/**
 * The names that no field has and that are like one that a field has; what others add to links is none of ours.
 *
 * @param {URLSearchParams} parameters
 * @param {import("./table.js").Entry[]} table
 * @returns {string[]}  each with the name that may have been meant
 */
function mistakenIn(parameters, table) {
  const known = ["v", ...table.map(({ key }) => key)];
  return [...new Set(parameters.keys())].flatMap((name) => {
    const meant = known.includes(name) ? null : nearest(name, known);
    return meant === null ? [] : [`${name} (${meant}?)`];
  });
}

/**
 * @param {URLSearchParams} parameters
 * @param {import("./table.js").Entry[]} table
 * @param {State} before  what stands where the address says nothing
 * @param {string[]} unreadBefore
 * @returns {{state: State, unread: string[]}}
 */
function read(parameters, table, before, unreadBefore) {
  let state = before;
  const unread = [...unreadBefore];
  for (const entry of table) {
    const text = parameters.get(entry.key);
    if (text === null) continue;
    try {
      state = withValue(state, entry, entry.kind.decode(text, state));
    } catch {
      unread.push(entry.key);
    }
  }
  if (!state.runs.some((run) => run.slot === state.selected)) {
    if (parameters.has("selected")) unread.push("selected");
    state = { ...state, selected: state.runs[0].slot };
  }
  return { state, unread };
}

/**
 * A step that an address names, though its runs end before: what stands at the last one. A run that is kept may be longer.
 *
 * @param {State} state
 * @returns {{step: number, steps: number} | null}  null where there is no such step
 */
export function stepBeyond({ step, steps, runs }) {
  const isKept = runs.some(({ kept }) => kept !== undefined);
  return step === null || step <= steps || isKept ? null : { step, steps };
}

/**
 * What an address leaves out that names a problem.
 *
 * @param {Defaults} defaults
 * @param {string} problem
 * @returns {Partial<State>}
 */
function leftOutBy({ page, problems }, problem) {
  return { ...page, ...problems[problem] };
}

/**
 * The state before an address is read: of a problem that its version did not know, what the catalog compares on it.
 *
 * @param {Catalog} catalog
 * @param {Defaults} defaults
 * @param {string | null} named  the problem, if the address names one
 * @returns {State}
 */
function beginning(catalog, defaults, named) {
  const known = catalog.problems.find(({ name }) => name === named);
  const problem = known?.name ?? defaults.page.problem;
  return { ...defaultState(catalog, problem), ...leftOutBy(defaults, problem), problem };
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
 * @param {string[]} texts
 * @param {string[]} others
 */
function same(texts, others) {
  return texts.every((text, i) => text === others[i]);
}
