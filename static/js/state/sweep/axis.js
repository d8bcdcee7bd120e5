/**
 * The axes of a map in an address: `lr,0.0001,10,32,log` or `betas:0,[0.8,0.9]`; a path that does not begin at the
 * hyperparameters of the optimizer begins with a colon, as `:batch_size`.
 */

import { read, write } from "../notation.js";

/**
 * @typedef {import("../types.js").Json} Json
 * @typedef {"linear" | "log"} Scale
 * @typedef {{path: string, from: number, to: number, count: number, scale: Scale}} Range  numbers between two ends
 * @typedef {{path: string, values: Json[]}} List
 * @typedef {Range | List} Axis  a JSON pointer into a run, and the values that it takes
 */

const HYPERPARAMETERS = "/optimizer/hyperparameters/";

/** @type {Axis} */
export const RATES = { path: `${HYPERPARAMETERS}lr`, from: 1e-4, to: 10, count: 32, scale: "log" };

/** @type {import("../address/kinds.js").Kind<Axis>} */
export const axisKind = {
  encode(axis) {
    const numbers = "values" in axis ? [write(axis.values)] : [axis.from, axis.to, axis.count, axis.scale];
    return [shortPath(axis.path), ...numbers].join(",");
  },
  decode(text) {
    const [name, ...rest] = text.split(",");
    const path = longPath(name);
    if (rest[0]?.startsWith("[")) return { path, values: listIn(rest.join(",")) };
    const [from, to, count] = rest.map(Number);
    const scale = rest[3];
    const isRange = rest.length === 4 && [from, to].every(Number.isFinite) && from !== to;
    const isCounted = Number.isInteger(count) && count >= 2 && count <= MOST_VALUES;
    const isScaled = scale === "linear" || (scale === "log" && Math.min(from, to) > 0);
    if (!isRange || !isCounted || !isScaled) throw new RangeError(`${text} is no axis`);
    return { path, from, to, count, scale };
  },
};

/** Along one axis: more cannot be told apart on a screen. */
export const MOST_VALUES = 1024;

/** @param {string} text */
function listIn(text) {
  const values = read(text);
  if (!Array.isArray(values) || values.length === 0 || values.length > MOST_VALUES)
    throw new RangeError(`${text} is no list of values`);
  return values;
}

/** @param {string} path */
export function shortPath(path) {
  const own = path.startsWith(HYPERPARAMETERS) ? path.slice(HYPERPARAMETERS.length) : path;
  return own.replaceAll("/", ":");
}

/** @param {string} name */
export function longPath(name) {
  const path = name.replaceAll(":", "/");
  if (!/^[\w./~+-]{1,200}$/.test(path)) throw new RangeError(`${name} is no path`);
  return path.startsWith("/") ? path : HYPERPARAMETERS + path;
}
