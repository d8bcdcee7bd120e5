/** Where the records of a run lie on a plane through parameter space: at its nearest points, as the server would say. */

import { decodeArray } from "../../jsonl.js";
import { basisOf, coordinatesOf } from "./vectors.js";

/**
 * @typedef {import("../../history.js").History} History
 * @typedef {import("../../wire.d.ts").LossSurface} LossSurface
 * @typedef {import("../types.js").CentralFlow} CentralFlow
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
  const records = history.length - history.first;
  const laid = pointsOnPlane(pointsOf(history, records), records, response);
  if (laid !== null) paths.set(history, laid);
  return laid;
}

/** @type {WeakMap<CentralFlow, {response: LossSurface | null, xy: Float64Array | null}>} where it was laid last */
const flows = new WeakMap();

/**
 * @param {CentralFlow} found
 * @param {LossSurface | null} response  null over a test function, where a flow is where its numbers say
 * @returns {Float64Array | null}  of shape [records, 2]
 */
export function flowOn(found, response) {
  const last = flows.get(found);
  if (last?.response === response) return last.xy;
  const { path, steps } = found;
  const xy = response === null ? Float64Array.from(path) : pointsOnPlane(path, steps.length, response);
  flows.set(found, { response, xy });
  return xy;
}

/**
 * Where points in parameter space lie on a plane.
 *
 * @param {ArrayLike<number>} points  of shape [points, parameters]
 * @param {number} count
 * @param {LossSurface} response  that the plane is of
 * @returns {Float64Array | null}  of shape [points, 2]; null where the plane is of other parameters
 */
function pointsOnPlane(points, count, response) {
  const [origin, basis] = [decodeArray(response.origin).data, decodeArray(response.basis).data];
  const size = origin.length;
  if (points.length !== count * size) return null;
  const { gram } = basisOf(basis);
  const xy = new Float64Array(2 * count);
  for (let k = 0; k < count; k += 1) {
    for (let j = 0; j < size; j += 1) {
      const away = points[k * size + j] - origin[j];
      xy[2 * k] += away * basis[j];
      xy[2 * k + 1] += away * basis[size + j];
    }
    xy.set(coordinatesOf([xy[2 * k], xy[2 * k + 1]], gram), 2 * k);
  }
  return xy;
}

/**
 * The parameters of each record, one after another.
 *
 * @param {History} history
 * @param {number} records
 */
function pointsOf(history, records) {
  const columns = history.names.map((name) => history.paramColumn(name));
  const widths = columns.map(({ length }) => length / records);
  const size = widths.reduce((sum, width) => sum + width, 0);
  const points = new Float64Array(records * size);
  let offset = 0;
  columns.forEach((column, i) => {
    for (let k = 0; k < records; k += 1)
      points.set(column.subarray(k * widths[i], (k + 1) * widths[i]), k * size + offset);
    offset += widths[i];
  });
  return points;
}
