/**
 * The state in the address: one table of names, types and what is there from the beginning, read in both directions.
 */

import { suggestedState } from "../configs.js";
import { planeOf, readPlane, writePlane } from "../plane.js";
import {
  chosenFrom,
  counted,
  languageCode,
  lessonName,
  listOf,
  natural,
  number,
  onOff,
  oneOf,
  orNull,
  positive,
  runId,
  text,
  torchName,
  weightsKind,
  windowKind,
} from "./kinds.js";
import { pointsKind } from "../points/link.js";
import { axisKind, RATES } from "../sweep/axis.js";
import { runsKind } from "./runs.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 * @typedef {import("../types.js").ViewKeys} ViewKeys
 *
 * @typedef {object} Entry
 * @property {string} key  in the address
 * @property {keyof State} field
 * @property {string} [part]  of the field, where the key stands for that alone
 * @property {import("./kinds.js").KindAfter<any>} kind
 * @property {unknown} [initial]  what a bare address begins with; unless given, the catalog says it
 */

/** What there is to see in the place Tune. */
export const MAPS = /** @type {const} */ (["map", "curve", "race", "basins", "edge"]);

/** What a cell of a map says of its runs. */
export const QUANTITIES = /** @type {const} */ (["end", "best", "test", "target", "diverged"]);

/** What the charts of a watched run go over. */
export const AXES = /** @type {const} */ (["step", "epoch", "samples"]);

/** How fine the edge of trainability may be, in cells along each side. */
const MOST_CELLS = 512;

/** @type {Entry[]} how the page is looked at */
const LOOK = [
  { key: "selected", field: "selected", kind: natural, initial: 0 },
  { key: "plane", field: "plane", kind: { encode: writePlane, decode: readPlane }, initial: planeOf("pca") },
  { key: "window", field: "window", kind: orNull(windowKind), initial: null },
  { key: "view", field: "mode", kind: oneOf(["contour", "3d", "data"]), initial: "contour" },
  { key: "arrows", field: "arrows", kind: onOff, initial: false },
  { key: "network", field: "network", kind: oneOf(["weights", "gradients", "signals"]), initial: "weights" },
  { key: "parameter", field: "parameter", kind: orNull(torchName), initial: null },
  { key: "element", field: "element", kind: natural, initial: 0 },
  { key: "quantity", field: "quantity", kind: orNull(torchName), initial: null },
  { key: "speed", field: "speed", kind: positive, initial: 30 },
  { key: "language", field: "language", kind: orNull(languageCode), initial: null },
  { key: "theme", field: "theme", kind: orNull(oneOf(["light", "dark"])), initial: null },
  { key: "projector", field: "projector", kind: onOff, initial: false },
  { key: "step", field: "step", kind: orNull(natural), initial: null },
  { key: "place", field: "place", kind: oneOf(["compare", "learn", "tune", "loops"]), initial: "compare" },
  { key: "lesson", field: "lesson", kind: orNull(lessonName), initial: null },
  { key: "page", field: "page", kind: natural, initial: 0 },
  { key: "tune", field: "tune", part: "kind", kind: oneOf(MAPS), initial: "map" },
  { key: "tune_show", field: "tune", part: "show", kind: oneOf(QUANTITIES), initial: "end" },
  { key: "tune_of", field: "tune", part: "of", kind: oneOf(["all", "selected"]), initial: "all" },
  { key: "edge_x", field: "edge", part: "x", kind: orNull(natural), initial: null },
  { key: "edge_y", field: "edge", part: "y", kind: orNull(natural), initial: null },
  { key: "edge_window", field: "edge", part: "window", kind: orNull(windowKind), initial: null },
  { key: "edge_cells", field: "edge", part: "cells", kind: counted(MOST_CELLS), initial: 256 },
  { key: "loop", field: "loops", part: "run", kind: orNull(runId), initial: null },
  { key: "loop_beside", field: "loops", part: "beside", kind: orNull(runId), initial: null },
  { key: "loop_show", field: "loops", part: "show", kind: orNull(torchName), initial: null },
  { key: "loop_x", field: "loops", part: "x", kind: oneOf(AXES), initial: "step" },
  { key: "loop_layer", field: "loops", part: "layer", kind: orNull(natural), initial: null },
  { key: "loop_at", field: "loops", part: "at", kind: orNull(natural), initial: null },
];

/** @type {Entry[]} what is trained for a map beside what the runs say */
const SWEPT = [
  { key: "tune_x", field: "sweep", part: "x", kind: axisKind, initial: RATES },
  { key: "tune_y", field: "sweep", part: "y", kind: orNull(axisKind), initial: null },
  { key: "tune_seeds", field: "sweep", part: "seeds", kind: counted(1024), initial: 8 },
  { key: "tune_target", field: "sweep", part: "target", kind: orNull(number), initial: null },
  { key: "tune_judged", field: "sweep", part: "judged", kind: counted(1000), initial: 20 },
];

/**
 * @param {Catalog} catalog
 * @param {ViewKeys} views
 * @returns {Entry[]}  in the order of an address
 */
export function addressTable(catalog, views) {
  const names = (/** @type {{name: string}[]} */ entries) => entries.map((entry) => entry.name);
  return [
    { key: "problem", field: "problem", kind: oneOf(names(catalog.problems)) },
    { key: "samples", field: "samples", kind: orNull(natural) },
    { key: "noise", field: "noise", kind: orNull(number) },
    { key: "data", field: "dataSeed", kind: orNull(natural) },
    { key: "expression", field: "expression", kind: orNull(text) },
    { key: "bounds", field: "bounds", kind: orNull(windowKind) },
    { key: "points", field: "points", kind: orNull(pointsKind) },
    { key: "hidden", field: "hidden", kind: listOf(natural, 0, catalog.limits.max_hidden_layers) },
    { key: "activation", field: "activation", kind: oneOf(names(catalog.activations)) },
    { key: "seed", field: "seed", kind: natural },
    { key: "weights", field: "weights", kind: orNull(weightsKind) },
    { key: "start", field: "start", kind: orNull(listOf(number, 2, 2)) },
    { key: "steps", field: "steps", kind: natural },
    { key: "dtype", field: "dtype", kind: oneOf(["float32", "float64"]) },
    { key: "batch", field: "batchSize", kind: orNull(natural) },
    { key: "batch_seed", field: "batchSeed", kind: orNull(natural) },
    { key: "runs", field: "runs", kind: runsKind(catalog) },
    ...SWEPT,
    ...lookTable(views),
  ];
}

/**
 * The part of the table that says how the page is looked at, and not what is trained.
 *
 * @param {ViewKeys} views
 * @returns {Entry[]}
 */
export function lookTable(views) {
  return [...entriesOf(views), ...LOOK];
}

/**
 * What the views add: which tab is open, and their scales.
 *
 * @param {ViewKeys} views
 * @returns {Entry[]}
 */
function entriesOf({ tabs, scales }) {
  return [
    { key: "plots", field: "panel", kind: chosenFrom(tabs) },
    ...Object.entries(scales).map(([key, choices]) => scaleEntry(key, choices)),
  ];
}

/**
 * @param {string} key
 * @param {readonly string[]} choices
 * @returns {Entry}
 */
function scaleEntry(key, choices) {
  return { key, field: "scales", part: key, kind: chosenFrom(choices) };
}

/**
 * What an address says under the key of an entry.
 *
 * @param {Partial<State>} state
 * @param {Entry} entry
 */
export function valueOf(state, { field, part }) {
  const value = /** @type {any} */ (state[field]);
  return part === undefined ? value : value[part];
}

/**
 * The state with what an address says under the key of an entry.
 *
 * @param {State} state
 * @param {Entry} entry
 * @param {any} value
 * @returns {State}
 */
export function withValue(state, { field, part }, value) {
  if (part === undefined) return { ...state, [field]: value };
  return { ...state, [field]: { .../** @type {any} */ (state[field]), [part]: value } };
}

/**
 * What a problem begins with: what the catalog compares on it, looked at as a bare address is.
 *
 * @param {Catalog} catalog
 * @param {string} [problem]  the catalog's choice, unless given
 * @returns {State}
 */
export function defaultState(catalog, problem = catalog.defaults.comparison.runs[0].problem.name) {
  const look = Object.fromEntries(
    [...LOOK, ...SWEPT]
      .filter(({ part }) => part === undefined)
      .map(({ field, initial }) => [field, initial]),
  );
  const maps = { tune: initialParts("tune"), sweep: initialParts("sweep"), edge: initialParts("edge") };
  const loops = initialParts("loops");
  return /** @type {State} */ ({
    ...suggestedState(catalog, problem),
    panel: null,
    scales: {},
    ...look,
    ...maps,
    loops,
  });
}

/** @param {keyof State} field  that has a key for each part */
function initialParts(field) {
  const parts = [...LOOK, ...SWEPT].filter((entry) => entry.field === field);
  return Object.fromEntries(parts.map(({ part, initial }) => [part, initial]));
}
