/**
 * A number of a run by its path: of a record, of the config, or of how the run ended.
 */

import { singularValues } from "./singular.js";

/**
 * @typedef {import("../history.js").History} History
 * @typedef {import("../jsonl.js").TypedArray} TypedArray
 * @typedef {number | string | boolean | null} Scalar
 * @typedef {Scalar | TypedArray} Value  null where there is none, as `.grad` is None
 */

/** @type {Record<string, (history: History, path: string[], k: number) => Value>} */
const KINDS = {
  config: (history, path) => inConfig(history.config, path),
  ended: (history) => history.ended?.reason ?? null,
  last_step: (history) => history.last,
  end_loss: (history) => asNumber(history.ended?.end_loss),
  loss: (history, _, k) => asNumber(history.lossAt(k)),
  loss_here: (history, _, k) => history.lossHere(k),
  grad_norm: (history, _, k) => history.gradNorm(k),
  lr: (history, [group = "0"], k) => asNumber(history.lr(k, Number(group))),
  momentum: (history, [group = "0"], k) => history.momentum(k, Number(group)),
  params: (history, path, k) => ofParameters(history, path, (name) => history.param(name, k)),
  grads: (history, path, k) => ofParameters(history, path, (name) => history.grad(name, k)),
  state: (history, [name, key, ...at], k) =>
    element(history.state(name, key, k), at, history.stateShape(name, key, k) ?? []),
  singular: (history, [index, ...path], k) => singular(history, path, k)?.[Number(index)] ?? null,
  norm: (history, path, k) => norm(valueOf(history, path.join("/"), k)),
  change: (history, path, k) =>
    minus(valueOf(history, path.join("/"), k), valueOf(history, path.join("/"), k - 1)),
};

/**
 * @param {History} history
 * @param {string} quantity  such as `grads/fc2.weight/0/1`, `norm/params/fc1.weight` or `config/optimizer/name`
 * @param {number | "end" | null} step
 * @returns {Value}  null of what the run does not have
 */
export function valueOf(history, quantity, step) {
  const [kind, ...path] = quantity.split("/");
  const k = typeof step === "number" ? step : history.last;
  if (!Object.hasOwn(KINDS, kind)) throw new RangeError(`no quantity ${quantity}`);
  return KINDS[kind](history, path, k);
}

/** @param {unknown} value */
function asNumber(value) {
  return value === null || value === undefined ? null : Number(value);
}

/**
 * @param {unknown} config
 * @param {string[]} path
 * @returns {Scalar}
 */
function inConfig(config, path) {
  let value = /** @type {any} */ (config);
  for (const key of path) value = value?.[key];
  return value === undefined || typeof value === "object" ? null : value;
}

/**
 * What there is of a parameter, or of all those of a layer, one after another.
 *
 * @param {History} history
 * @param {string[]} path  the name, and of a parameter an index for each axis
 * @param {(name: string) => TypedArray | null} of
 * @returns {number | TypedArray | null}
 */
function ofParameters(history, [name, ...at], of) {
  if (Object.hasOwn(history.shapes, name)) return element(of(name), at, history.shapes[name]);
  const names = Object.keys(history.shapes).filter((parameter) => parameter.startsWith(`${name}.`));
  const numbers = names.flatMap((parameter) => [...(of(parameter) ?? [])]);
  return numbers.length === 0 ? null : Float64Array.from(numbers);
}

/**
 * @param {TypedArray | null} array  row-major
 * @param {string[]} at  an index for each axis, or none for the whole array
 * @param {number[]} shape
 * @returns {number | TypedArray | null}
 */
function element(array, at, shape) {
  if (array === null || (at.length === 0 && array.length > 1)) return array;
  return array[at.reduce((flat, index, axis) => flat * shape[axis] + Number(index), 0)] ?? null;
}

/**
 * The singular values of a matrix that belongs to a parameter.
 *
 * @param {History} history
 * @param {string[]} path
 * @param {number} k
 */
function singular(history, path, k) {
  const [values, name] = [valueOf(history, path.join("/"), k), path.find((part) => part in history.shapes)];
  const shape = name === undefined ? [] : history.shapes[name];
  if (values === null || typeof values !== "object" || shape.length !== 2) return null;
  return singularValues(values, shape[0], shape[1]);
}

/**
 * @param {Value} value
 * @returns {number | null}
 */
function norm(value) {
  if (value === null) return null;
  return Math.hypot(.../** @type {number[]} */ (typeof value === "object" ? [...value] : [Number(value)]));
}

/**
 * @param {Value} value
 * @param {Value} other
 * @returns {Value}
 */
function minus(value, other) {
  if (value === null || other === null) return null;
  if (typeof value === "object" && typeof other === "object") return value.map((x, i) => x - other[i]);
  return Number(value) - Number(other);
}
