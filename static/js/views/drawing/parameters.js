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
 * @returns {TypedArray | null}
 */
export function valuesAt(history, parameter, quantity, k) {
  if (quantity === "param") return history.param(parameter, k);
  if (quantity === "grad") return history.grad(parameter, k);
  return history.state(parameter, quantity, k);
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
