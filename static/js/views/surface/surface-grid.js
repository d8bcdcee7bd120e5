/** The loss on a grid, as the server computed it, and what both ways of drawing it need. */

import { decodeArray } from "../../jsonl.js";
import { colorMap } from "../drawing/color-scale.js";

/**
 * @typedef {import("../../jsonl.js").TypedArray} TypedArray
 * @typedef {import("../drawing/color-scale.js").ColorMap} ColorMap
 * @typedef {import("../types.js").ColorScale} ColorScale
 *
 * @typedef {object} Grid
 * @property {TypedArray} x
 * @property {TypedArray} y
 * @property {TypedArray} z  of shape [y.length, x.length]
 * @property {import("../../wire.d.ts").Axis[]} axes
 * @property {number} masked  how many cells are not finite
 * @property {import("../../state/plane.js").PlaneConfig} plane
 *
 * @typedef {object} Look
 * @property {import("../drawing/theme.js").Theme} theme
 * @property {ColorScale} scale
 * @property {number} width
 * @property {number} height
 * @property {string} lossLabel
 * @property {{low: string, high: string}} ends  what is written at the ends of the colour bar
 * @property {string[]} axisTitles
 * @property {[[number, number], [number, number]]} range  of the axes, [[left, right], [bottom, top]]
 * @property {string} revision  zoom and camera are kept while it stays the same
 */

/** Narrower than this, the colour bar lies above the surface. */
export const NARROW = 520;

/** 1e+20: the raised digits of 10²⁰ would need an inline style, which the page's security policy forbids. */
export const EXPONENT = "e";

/** @type {WeakMap<object, Grid>} */
const decoded = new WeakMap();

/**
 * @param {import("../../wire.d.ts").LossSurface} response
 * @returns {Grid}
 */
export function gridOf(response) {
  let grid = decoded.get(response);
  if (grid === undefined) {
    const z = decodeArray(response.z).data;
    let masked = 0;
    for (const loss of z) masked += Number(!Number.isFinite(loss));
    grid = {
      x: decodeArray(response.x).data,
      y: decodeArray(response.y).data,
      z,
      axes: response.axes,
      plane: /** @type {import("../../state/plane.js").PlaneConfig} */ (response.plane),
      masked,
    };
    decoded.set(response, grid);
  }
  return grid;
}

/** @type {WeakMap<Grid, Map<ColorScale, ColorMap | null>>} */
const colorMaps = new WeakMap();

/**
 * @param {Grid} grid
 * @param {ColorScale} scale
 */
export function colorsOf(grid, scale) {
  const maps = colorMaps.get(grid) ?? new Map();
  colorMaps.set(grid, maps);
  if (!maps.has(scale)) maps.set(scale, colorMap(grid.z, scale));
  return /** @type {ColorMap | null} */ (maps.get(scale));
}

/**
 * All that the grid covers.
 *
 * @param {Grid} grid
 * @returns {[[number, number], [number, number]]}
 */
export function extentOf({ x, y }) {
  return [
    [x[0], x[x.length - 1]],
    [y[0], y[y.length - 1]],
  ];
}

/**
 * The loss of the plane at a point, between the four grid points around it.
 *
 * @param {Grid} grid
 * @param {number} atX
 * @param {number} atY
 * @returns {number} NaN outside the grid or beside a cell that is not finite
 */
export function lossOnPlane({ x, y, z }, atX, atY) {
  const column = ((atX - x[0]) / (x[x.length - 1] - x[0])) * (x.length - 1);
  const row = ((atY - y[0]) / (y[y.length - 1] - y[0])) * (y.length - 1);
  if (!(column >= 0 && row >= 0 && column <= x.length - 1 && row <= y.length - 1)) return NaN;
  const [c, r] = [Math.min(Math.floor(column), x.length - 2), Math.min(Math.floor(row), y.length - 2)];
  const [u, v] = [column - c, row - r];
  /** @param {number} i */
  const along = (i) => z[i * x.length + c] * (1 - u) + z[i * x.length + c + 1] * u;
  return along(r) * (1 - v) + along(r + 1) * v;
}

/**
 * @param {Pick<Grid, "z">} grid
 * @param {ColorMap | null} colors
 * @returns {Float64Array} of the shape of z: places on the colour scale, NaN where the loss is not finite
 */
export function positionsOf({ z }, colors) {
  const place = (/** @type {number} */ loss) =>
    colors !== null && Number.isFinite(loss) ? colors.position(loss) : NaN;
  return Float64Array.from(z, place);
}

/**
 * @param {Pick<Grid, "x" | "y" | "z">} grid
 * @param {ColorMap | null} colors
 * @returns {Float64Array[]} the same, a row for each y
 */
export function rows({ x, y, z }, colors) {
  const positions = positionsOf({ z }, colors);
  return Array.from({ length: y.length }, (_, row) =>
    positions.subarray(row * x.length, (row + 1) * x.length),
  );
}
