/**
 * What a step did, as vectors of parameter space and as their parts in a plane: minus the rate times the gradient, minus
 * the rate times the first moment, and the step itself. All of it is recorded; what is frozen is zero.
 */

import { groupConfigOf, groupOf, optimizerOf } from "../drawing/parameters.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../jsonl.js").TypedArray} TypedArray
 * @typedef {"gradient" | "momentum" | "step"} VectorName
 *
 * @typedef {object} Vector
 * @property {VectorName} name
 * @property {string} key  torch's own, of the first moment
 * @property {Float64Array} values  of all parameters, in the order of the model
 *
 * @typedef {object} Basis  of a plane
 * @property {TypedArray} rows  of shape [2, parameters]
 * @property {[number, number, number]} gram  of its rows: first with itself, with the second, second with itself
 *
 * @typedef {object} InPlane
 * @property {number} norm  of the whole vector
 * @property {number} share  of its length that lies in the plane, from 0 to 1
 * @property {[number, number]} xy  that part, in coordinates of the plane
 */

/** Where optimizers keep the first moment. */
const MOMENTS = ["exp_avg", "momentum_buffer"];

/**
 * @param {History} history
 * @param {number} k  a step; its gradient was taken at the record before it
 * @returns {Vector[]}  none where no step has led to a record
 */
export function vectorsAt(history, k) {
  if (k <= history.first || k > history.last) return [];
  const size = history.names.reduce((sum, name) => sum + history.param(name, k).length, 0);
  const [gradient, momentum, step] = [0, 1, 2].map(() => new Float64Array(size));
  let at = 0;
  let key = "";
  for (const name of history.names) {
    const [before, after] = [history.param(name, k - 1), history.param(name, k)];
    for (let i = 0; i < after.length; i += 1) step[at + i] = after[i] - before[i];
    const grad = history.grad(name, k);
    const rate = rateOf(history, name, k);
    if (grad !== null && Number.isFinite(rate)) {
      const moment = momentOf(history, name, k);
      key ||= moment?.key ?? "";
      for (let i = 0; i < grad.length; i += 1) {
        gradient[at + i] = -rate * grad[i];
        momentum[at + i] = moment === null ? 0 : -rate * moment.values[i];
      }
    }
    at += after.length;
  }
  /** @type {Vector[]} */
  const vectors = [
    { name: "gradient", key: "", values: gradient },
    { name: "momentum", key, values: momentum },
    { name: "step", key: "", values: step },
  ];
  return vectors.filter(({ name }) => name !== "momentum" || key !== "");
}

/**
 * @param {History} history
 * @param {string} name  of a parameter
 * @param {number} k
 */
function momentOf(history, name, k) {
  const size = history.param(name, k).length;
  for (const key of MOMENTS) {
    const values = history.state(name, key, k);
    if (values !== null && values.length === size) return { key, values };
  }
  return null;
}

/**
 * The recorded rate of the group that a parameter is in; negative where the optimizer climbs.
 *
 * @param {History} history
 * @param {string} name
 * @param {number} k
 * @returns {number}  NaN where no optimizer has it
 */
function rateOf(history, name, k) {
  const group = groupConfigOf(history, name);
  if (group === undefined) return NaN;
  const climbs = group.maximize ?? optimizerOf(history, name).hyperparameters?.maximize ?? false;
  return (climbs ? -1 : 1) * history.lr(k, groupOf(history, name));
}

/**
 * @param {TypedArray} rows  of shape [2, parameters]
 * @returns {Basis}
 */
export function basisOf(rows) {
  const width = rows.length / 2;
  /** @type {[number, number, number]} */
  const gram = [0, 0, 0];
  for (let i = 0; i < width; i += 1) {
    const [a, b] = [rows[i], rows[width + i]];
    gram[0] += a * a;
    gram[1] += a * b;
    gram[2] += b * b;
  }
  return { rows, gram };
}

/**
 * From products with the two directions of a plane to coordinates along them, for they need not be at right angles.
 *
 * @param {[number, number]} products
 * @param {Basis["gram"]} gram
 * @returns {[number, number]}
 */
export function coordinatesOf([along, across], [aa, ab, bb]) {
  const determinant = aa * bb - ab * ab;
  return [(bb * along - ab * across) / determinant, (aa * across - ab * along) / determinant];
}

/**
 * The part of a vector that lies in a plane.
 *
 * @param {Float64Array} values
 * @param {Basis} basis
 * @returns {InPlane}
 */
export function inPlane(values, { rows, gram }) {
  const width = values.length;
  let [along, across, squares] = [0, 0, 0];
  for (let i = 0; i < width; i += 1) {
    along += values[i] * rows[i];
    across += values[i] * rows[width + i];
    squares += values[i] * values[i];
  }
  const [x, y] = coordinatesOf([along, across], gram);
  const inside = Math.sqrt(Math.max(0, x * along + y * across));
  const norm = Math.sqrt(squares);
  return { norm, share: norm === 0 ? 0 : Math.min(1, inside / norm), xy: [x, y] };
}
