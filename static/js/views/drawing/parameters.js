/** The values of a parameter, of its gradient and of what an optimizer keeps for it, and torch's names for their parts. */

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
 * The param group that a parameter is in, counted over both optimizers of a run that has two.
 *
 * @param {History} history
 * @param {string} parameter
 */
export function groupOf({ config, shapes }, parameter) {
  const { param_groups: groups, rest } = config.optimizer ?? {};
  if (rest && shapes[parameter].length !== 2) {
    return (groups?.length ?? 1) + placeIn(rest.param_groups, parameter);
  }
  return placeIn(groups, parameter);
}

/**
 * @param {{params: string[]}[] | null | undefined} groups
 * @param {string} parameter
 */
function placeIn(groups, parameter) {
  const layer = parameter.split(".")[0];
  const place = (groups ?? []).findIndex(
    ({ params }) => params.includes(parameter) || params.includes(layer),
  );
  return Math.max(0, place);
}
