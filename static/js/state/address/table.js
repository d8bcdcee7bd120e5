/**
 * The state in the address: one table of names, types and what is there from the beginning, read in both directions.
 */

import { suggestedState } from "../configs.js";
import { planeOf, readPlane, writePlane } from "../plane.js";
import {
  languageCode,
  listOf,
  natural,
  number,
  oneOf,
  orNull,
  text,
  torchName,
  windowKind,
} from "./kinds.js";
import { runsKind } from "./runs.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Catalog} Catalog
 *
 * @typedef {object} Entry
 * @property {string} key  in the address
 * @property {keyof State} field
 * @property {import("./kinds.js").Kind<any>} kind
 * @property {unknown} [initial]  what a bare address begins with; unless given, the catalog says it
 */

/** @type {Entry[]} how the page is looked at */
const LOOK = [
  { key: "selected", field: "selected", kind: natural, initial: 0 },
  { key: "plane", field: "plane", kind: { encode: writePlane, decode: readPlane }, initial: planeOf("pca") },
  { key: "window", field: "window", kind: orNull(windowKind), initial: null },
  { key: "surface", field: "surfaceScale", kind: oneOf(["log", "equalised", "linear"]), initial: "log" },
  { key: "loss", field: "lossScale", kind: oneOf(["log", "linear"]), initial: "log" },
  { key: "lr", field: "lrScale", kind: oneOf(["log", "linear"]), initial: "linear" },
  { key: "grad_norm", field: "gradNormScale", kind: oneOf(["log", "linear"]), initial: "log" },
  { key: "sharpness", field: "sharpnessScale", kind: oneOf(["log", "linear"]), initial: "log" },
  { key: "view", field: "mode", kind: oneOf(["contour", "3d", "data"]), initial: "contour" },
  { key: "network", field: "network", kind: oneOf(["weights", "gradients"]), initial: "weights" },
  {
    key: "plots",
    field: "panel",
    kind: oneOf(["training", "step", "state", "curvature"]),
    initial: "training",
  },
  { key: "parameter", field: "parameter", kind: orNull(torchName), initial: null },
  { key: "quantity", field: "quantity", kind: orNull(torchName), initial: null },
  { key: "speed", field: "speed", kind: number, initial: 30 },
  { key: "language", field: "language", kind: orNull(languageCode), initial: null },
  { key: "theme", field: "theme", kind: orNull(oneOf(["light", "dark"])), initial: null },
  { key: "step", field: "step", kind: orNull(natural), initial: null },
];

/**
 * @param {Catalog} catalog
 * @returns {Entry[]}  in the order of an address
 */
export function addressTable(catalog) {
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
    ...LOOK,
  ];
}

/**
 * What a problem begins with: what the catalog compares on it, looked at as a bare address is.
 *
 * @param {Catalog} catalog
 * @param {string} [problem]  the catalog's choice, unless given
 * @returns {State}
 */
export function defaultState(catalog, problem = catalog.defaults.comparison.runs[0].problem.name) {
  const look = Object.fromEntries(LOOK.map(({ field, initial }) => [field, initial]));
  return /** @type {State} */ ({ ...suggestedState(catalog, problem), ...look });
}
