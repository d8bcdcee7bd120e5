/** The values of a parameter, of its gradient and of what an optimizer keeps for it, and torch's names for their parts. */

import { layerOf } from "../../state/freezing.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../history.js").TypedArray} TypedArray
 */

/**
 * @param {History} history
 * @param {string} parameter
 * @param {string} quantity
 * @param {number} k
 * @returns {TypedArray | null}  of several tensors under one key, the 2-norm of each
 */
export function valuesAt(history, parameter, quantity, k) {
  if (quantity === "param") return history.param(parameter, k);
  if (quantity === "grad") return history.grad(parameter, k);
  const values = history.state(parameter, quantity, k);
  if (values === null || !isSeveral(history, parameter, quantity)) return values;
  return normsOf(values, history.stateShape(parameter, quantity, k)?.[0] ?? 1);
}

/**
 * Whether an optimizer keeps several tensors under one key, as LBFGS does those of the last steps: an array [length, …]
 * that grows, or that has one dimension more than its parameter.
 *
 * @param {History} history
 * @param {string} parameter
 * @param {string} key
 */
export function isSeveral(history, parameter, key) {
  const shapes = history.stateShapes(parameter, key);
  if (shapes.length === 0 || shapes[0].length < 2) return false;
  return shapes[0].length > history.shapes[parameter].length || new Set(shapes.map(String)).size > 1;
}

/**
 * @param {TypedArray} values
 * @param {number} length
 */
function normsOf(values, length) {
  const width = values.length / length;
  return Float64Array.from({ length }, (_, i) => {
    let squares = 0;
    for (const value of values.subarray(i * width, (i + 1) * width)) squares += value * value;
    return Math.sqrt(squares);
  });
}

/**
 * Where an element stands, as torch indexes it: `[1, 0]`.
 *
 * @param {number} index
 * @param {number[]} shape  of the parameter
 * @param {number} size  of the quantity
 */
export function indexOf(index, shape, size) {
  if (size === 1) return "";
  if (shape.length !== 2 || sizeOfShape(shape) !== size) return `[${index}]`;
  return `[${Math.floor(index / shape[1])}, ${index % shape[1]}]`;
}

/** @param {number[]} shape */
export function sizeOfShape(shape) {
  return shape.reduce((product, length) => product * length, 1);
}

/**
 * How many parameters a run has, 0 while that is not known.
 *
 * @param {Pick<import("../types.js").Run, "history">} run
 */
export function parametersOf({ history }) {
  return Object.values(history?.shapes ?? {}).reduce((sum, shape) => sum + sizeOfShape(shape), 0);
}

/**
 * The param groups of a run in the order of their columns in the records: those that are added later come last.
 *
 * @param {History["config"]["optimizer"]} optimizer
 * @returns {{holder: 0 | 1, number: number, from: number}[]}  holder: the second optimizer has the rest; number: in its
 *   list
 */
function columnsOf({ param_groups: groups, rest }) {
  const of = (/** @type {0 | 1} */ holder, /** @type {any[] | null | undefined} */ list) =>
    (list ?? [{}]).map(({ from_step: from = 0 }, number) => ({ holder, number, from }));
  const all = [...of(0, groups), ...(rest ? of(1, rest.param_groups) : [])];
  return all.sort((a, b) => a.from - b.from);
}

/**
 * The optimizer that has a parameter: a second one has all that is no matrix.
 *
 * @param {History} history
 * @param {string} parameter
 */
export function optimizerOf({ config, shapes }, parameter) {
  const optimizer = config.optimizer ?? {};
  return optimizer.rest && shapes[parameter].length !== 2 ? optimizer.rest : optimizer;
}

/**
 * What is configured of the param group of a parameter.
 *
 * @param {History} history
 * @param {string} parameter
 * @returns {import("../../wire.d.ts").ParamGroupConfig | undefined}  undefined where no group has it
 */
export function groupConfigOf(history, parameter) {
  const { param_groups: groups } = optimizerOf(history, parameter);
  return groups ? groups[indexIn(groups, parameter)] : { params: [parameter] };
}

/**
 * Where the param group of a parameter is.
 *
 * @param {History} history
 * @param {string} parameter
 * @returns {{column: number, place: number, from: number}}  column: in the records; place: in torch's `param_groups`;
 *   from: after how many steps it is added
 */
export function groupPlace(history, parameter) {
  const optimizer = history.config.optimizer ?? {};
  const chosen = optimizerOf(history, parameter);
  const number = Math.max(0, indexIn(chosen.param_groups ?? [], parameter));
  const columns = columnsOf(optimizer);
  const own = columns.filter(({ holder }) => holder === (chosen === optimizer.rest ? 1 : 0));
  const place = own.findIndex((one) => one.number === number);
  return { column: columns.indexOf(own[place]), place, from: own[place]?.from ?? 0 };
}

/**
 * The column of the param group that a parameter is in.
 *
 * @param {History} history
 * @param {string} parameter
 */
export function groupOf(history, parameter) {
  return groupPlace(history, parameter).column;
}

/**
 * @param {{params: string[]}[]} groups
 * @param {string} parameter
 * @returns {number}  −1 where none has it
 */
function indexIn(groups, parameter) {
  const layer = layerOf(parameter);
  return groups.findIndex(({ params }) => params.includes(parameter) || params.includes(layer));
}
