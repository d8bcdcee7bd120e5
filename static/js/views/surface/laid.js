/** Where the records of a run lie on a plane through parameter space: at its nearest points, as the server would say. */

import { decodeArray } from "../../jsonl.js";
import { basisOf, coordinatesOf } from "./vectors.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../jsonl.js").TypedArray} TypedArray
 * @typedef {import("../../wire.d.ts").LossSurface} LossSurface
 */

/** @type {WeakMap<LossSurface, WeakMap<History, Float64Array>>} */
const known = new WeakMap();

/**
 * @param {History} history
 * @param {LossSurface} response  that the plane is of
 * @returns {Float64Array | null}  of shape [records, 2]; null where the plane is of other parameters
 */
export function pathOnPlane(history, response) {
  const paths = known.get(response) ?? new WeakMap();
  known.set(response, paths);
  const path = paths.get(history);
  if (path?.length === 2 * (history.length - history.first)) return path;
  const laid = project(history, decodeArray(response.origin).data, decodeArray(response.basis).data);
  if (laid !== null) paths.set(history, laid);
  return laid;
}

/**
 * @param {History} history
 * @param {TypedArray} origin  of shape [parameters]
 * @param {TypedArray} basis  of shape [2, parameters]
 */
function project(history, origin, basis) {
  const size = origin.length;
  const columns = history.names.map((name) => history.paramColumn(name));
  const records = history.length - history.first;
  const widths = columns.map(({ length }) => length / records);
  if (widths.reduce((sum, width) => sum + width, 0) !== size) return null;
  const xy = new Float64Array(2 * records);
  let offset = 0;
  columns.forEach((column, i) => {
    for (let k = 0; k < records; k += 1) {
      for (let j = 0; j < widths[i]; j += 1) {
        const away = column[k * widths[i] + j] - origin[offset + j];
        xy[2 * k] += away * basis[offset + j];
        xy[2 * k + 1] += away * basis[size + offset + j];
      }
    }
    offset += widths[i];
  });
  const { gram } = basisOf(basis);
  for (let k = 0; k < xy.length; k += 2) xy.set(coordinatesOf([xy[k], xy[k + 1]], gram), k);
  return xy;
}
