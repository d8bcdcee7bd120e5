/**
 * The paths of the runs over the surface: in its coordinates, and in pixels.
 */

import { decodeArray } from "../../jsonl.js";
import { isScheduleFree } from "../drawing/others.js";
import { GHOST } from "../../state/look.js";
import { laidOf } from "./laid-runs.js";
import { flowOn, pathOnPlane } from "./laid.js";

/**
 * @typedef {import("../../jsonl.js").TypedArray} TypedArray
 * @typedef {import("../drawing/plotly.js").Axes} Axes
 * @typedef {import("../types.js").Data} Data
 * @typedef {import("../types.js").Run} Run
 *
 * @typedef {object} Path  of one run; point k belongs to step `first + k`
 * @property {Run} run
 * @property {number} first
 * @property {TypedArray} xy  of shape [records, 2]
 * @property {number} length
 * @property {TypedArray | null} loss  at the points themselves, of shape [records]; null until the server has said
 * @property {TypedArray | null} distance  from the plane, of shape [records]
 * @property {TypedArray | null} planeLoss  what the plane shows beneath the points, of shape [records]
 * @property {boolean} stale
 * @property {import("../drawing/others.js").Other} [other]  what it is of, if not the parameters of the run themselves
 * @property {boolean} [faint]  whether it is only seen beside the others, and goes beneath them
 *
 * @typedef {object} PixelPath
 * @property {Path} path
 * @property {Float64Array} pixels  of shape [records, 2], however far outside; NaN or infinite for a point that is
 * @property {Int32Array} corners  the points that a line must go through to look like the line through all of them
 * @property {Float64Array} along  for each corner, how far along the line it lies, in pixels; no piece counts more than
 *   {@link FAR}
 */

/** A point nearer than this to the one before is drawn by it. */
const SAME_PIXEL = 0.6;

/** So many pixels lead outside any screen. */
const FAR = 1e5;

/** @typedef {Record<"xy" | "loss" | "distance" | "planeLoss", TypedArray>} Projection */

/** @typedef {import("../drawing/others.js").Point} Point */

/** What may go along with a run. */
const OTHERS = /** @type {const} */ (["average", "z"]);

/** @type {WeakMap<object, (Projection & {others: Partial<Record<Point, Projection>>})[]>} */
const decoded = new WeakMap();

/**
 * @param {import("../../wire.d.ts").LossSurface} response
 */
function responsePaths(response) {
  let paths = decoded.get(response);
  if (paths === undefined) {
    paths = response.paths.map((path) => ({
      ...projectionOf(path),
      others: Object.fromEntries(
        OTHERS.flatMap((other) => {
          const points = path[other];
          return points === undefined || points === null ? [] : [[other, projectionOf(points)]];
        }),
      ),
    }));
    decoded.set(response, paths);
  }
  return paths;
}

/**
 * @param {import("../../wire.d.ts").Points} points
 * @returns {Projection}
 */
function projectionOf({ xy, loss, distance, plane_loss: planeLoss }) {
  return {
    xy: decodeArray(xy).data,
    loss: decodeArray(loss).data,
    distance: decodeArray(distance).data,
    planeLoss: decodeArray(planeLoss).data,
  };
}

/**
 * The paths there are. Over a test function the parameters are the coordinates, so a path grows as its records
 * arrive; any other plane is known only once the server has projected them.
 *
 * @param {Data} data
 * @returns {Path[]}
 */
export function pathsOf(data) {
  return data.runs.flatMap((run) => {
    const isPoint = data.problem?.kind === "function";
    const path = isPoint ? ownPath(run, data) : (projectedPath(run, data) ?? laidPath(run, data));
    return path === null ? [] : [path];
  });
}

/**
 * The path of a run that the surface was not asked for: one beside the others, one that cannot be trained any longer, or
 * one of a loop that is not ours.
 *
 * @param {Run} run
 * @param {Data} data
 * @returns {Path | null}
 */
function laidPath(run, data) {
  const [{ history }, { surface }] = [run, data];
  const isBeside =
    run.id === GHOST || (run.stale && (run.errors ?? []).length > 0) || laidOf(data).includes(run);
  if (surface === null || history === null || history.isEmpty || !isBeside) return null;
  const xy = pathOnPlane(history, surface.response);
  if (xy === null) return null;
  const length = xy.length / 2;
  const loss = run.watched // what the loop said is of its own data
    ? null
    : Float64Array.from({ length }, (_, k) => history.lossHere(history.first + k) ?? NaN);
  const stale = run.stale || surface.stale;
  return { run, first: history.first, xy, length, loss, distance: null, planeLoss: null, stale };
}

/**
 * @param {Run} run
 * @param {Data} data
 * @returns {Path | null}
 */
function ownPath(run, data) {
  if (run.history === null || run.watched || !run.history.names.includes("xy")) return null;
  const projected = projectedPath(run, data);
  const xy = run.history.paramColumn("xy");
  const known = projected !== null && !projected.stale && projected.xy.length === xy.length;
  return {
    run,
    first: run.history.first,
    xy,
    length: xy.length / 2,
    loss: known ? projected.loss : null,
    distance: null,
    planeLoss: null,
    stale: run.stale,
  };
}

/**
 * @param {Run} run
 * @param {Data} data
 * @returns {Path | null}
 */
function projectedPath(run, { surface }) {
  const index = surface?.runs.indexOf(run.id) ?? -1;
  if (surface === null || index === -1) return null;
  const { others: _, ...path } = responsePaths(surface.response)[index];
  return {
    run,
    first: run.history?.first ?? 0,
    ...path,
    length: path.xy.length / 2,
    stale: run.stale || surface.stale,
  };
}

/**
 * The paths of what goes along with the runs: of their averages, of the z of optimizers that need no schedule, of the
 * selected run without what it freezes, and of its central flow.
 *
 * @param {Data} data
 * @returns {Path[]}
 */
export function othersOf(data) {
  const find = data.problem?.kind === "function" ? ownOther : projectedOther;
  const ghost = data.ghost ? laidPath(data.ghost, data) : null;
  const points = data.runs.flatMap((run) =>
    OTHERS.flatMap((other) => {
      const path = find(run, other, data);
      return path === null ? [] : [{ ...path, other }];
    }),
  );
  const flow = flowPath(data);
  return [
    ...(ghost === null ? [] : [{ ...ghost, other: /** @type {const} */ ("unfrozen") }]),
    ...points,
    ...(flow === null ? [] : [flow]),
  ];
}

/**
 * @param {Data} data
 * @returns {Path | null}
 */
function flowPath({ flow, runs, surface, problem }) {
  const [found, run] = [flow?.found ?? null, runs.find(({ id }) => id === flow?.run)];
  if (!flow || found === null || run === undefined || surface === null) return null;
  const xy = flowOn(found, problem?.kind === "function" ? null : surface.response);
  if (xy === null) return null;
  const [first, length, stale] = [found.steps[0], found.steps.length, flow.stale || surface.stale];
  const loss = Float64Array.from(found.loss);
  return { run, first, xy, length, loss, distance: null, planeLoss: null, stale, other: "flow" };
}

/**
 * @param {Run} run
 * @param {Point} other
 * @param {Data} data
 * @returns {Path | null}
 */
function projectedOther(run, other, data) {
  const [path, surface] = [projectedPath(run, data), data.surface];
  if (path === null || surface === null) return null;
  const found = responsePaths(surface.response)[surface.runs.indexOf(run.id)].others[other];
  return found === undefined ? null : { ...path, ...found };
}

/**
 * Over a test function it is where its numbers say.
 *
 * @param {Run} run
 * @param {Point} other
 * @param {Data} data
 * @returns {Path | null}
 */
function ownOther(run, other, data) {
  const { history } = run;
  if (history === null || !history.hasAverage || (other === "z" && !isScheduleFree(history))) return null;
  const path = ownPath(run, data);
  if (path === null) return null;
  const xy = new Float64Array(path.xy);
  for (let k = history.first; k < history.length; k += 1) {
    const at = other === "average" ? history.average("xy", k) : history.state("xy", "z", k);
    if (at !== null) xy.set(at, 2 * (k - history.first));
  }
  const loss = other === "average" ? averageLosses(history) : null;
  return { ...path, xy, loss };
}

/** @param {import("../../history.js").History} history */
function averageLosses(history) {
  return Float64Array.from(
    { length: history.length - history.first },
    (_, i) => history.averageLoss(history.first + i) ?? NaN,
  );
}

/**
 * @param {Path} path
 * @param {Axes} axes
 * @returns {PixelPath}
 */
export function toPixels(path, axes) {
  const { xy, length } = path;
  const pixels = new Float64Array(2 * length);
  const corners = new Int32Array(length);
  const along = new Float64Array(length);
  const scaleX = axes.width / (axes.x[1] - axes.x[0]);
  const scaleY = axes.height / (axes.y[1] - axes.y[0]);
  let kept = 0;
  let [lastX, lastY] = [NaN, NaN];
  for (let k = 0; k < length; k += 1) {
    const x = (xy[2 * k] - axes.x[0]) * scaleX;
    const y = (axes.y[1] - xy[2 * k + 1]) * scaleY;
    pixels[2 * k] = x;
    pixels[2 * k + 1] = y;
    if (Math.abs(x - lastX) < SAME_PIXEL && Math.abs(y - lastY) < SAME_PIXEL) continue;
    const piece = kept === 0 ? 0 : Math.min(FAR, Math.hypot(x - lastX, y - lastY));
    corners[kept] = k;
    along[kept] = (along[kept - 1] || 0) + (piece || 0);
    kept += 1;
    [lastX, lastY] = [x, y];
  }
  return { path, pixels, corners: corners.subarray(0, kept), along: along.subarray(0, kept) };
}

/** Lines are cut off so far outside the drawing area, in pixels, that neither their width nor their joins are seen. */
const OUTSIDE = 16;

/**
 * The parts of a line that can be seen. A run that leaves the window goes far: what is out there is not to be drawn, and
 * to be dashed least of all.
 *
 * @param {Pick<PixelPath, "pixels" | "corners" | "along">} path
 * @param {number} from  corner that it begins with
 * @param {number} to  corner that it ends before
 * @param {{width: number, height: number}} area
 * @returns {{points: number[], along: number}[]}  points: x, y, x, y, …; along: how far along the line the first lies
 */
export function visiblePieces({ pixels, corners, along }, from, to, { width, height }) {
  /** @type {{points: number[], along: number}[]} */
  const pieces = [];
  let isOpen = false;
  for (let i = from + 1; i < to; i += 1) {
    const [a, b] = [corners[i - 1], corners[i]].map((k) => [pixels[2 * k], pixels[2 * k + 1]]);
    const seen = seenPart(a, b, { width, height });
    if (seen !== null && !isOpen)
      pieces.push({ points: [...seen.from], along: seen.before(along[i] - along[i - 1]) + along[i - 1] });
    if (seen !== null) pieces[pieces.length - 1].points.push(...seen.to);
    isOpen = seen?.isToEnd ?? false;
  }
  return pieces;
}

/**
 * The part of a straight line that can be seen, measured from the end that is nearer: the other one may be so far away
 * that no pixel can be told from its neighbour there.
 *
 * @param {number[]} a
 * @param {number[]} b
 * @param {{width: number, height: number}} area
 * @returns {{from: number[], to: number[], isToEnd: boolean, before: (counted: number) => number} | null}  before: how
 *   much of a length lies before it
 */
function seenPart(a, b, { width, height }) {
  const isTurned = Math.hypot(...a) > Math.hypot(...b);
  const [[x, y], [farX, farY]] = isTurned ? [b, a] : [a, b];
  const [dx, dy] = [farX - x, farY - y];
  const [[enterX, leaveX], [enterY, leaveY]] = [crossing(x, dx, width), crossing(y, dy, height)];
  const [enter, leave] = [Math.max(0, enterX, enterY), Math.min(1, leaveX, leaveY)];
  if (!(enter < leave)) return null;
  const [near, far] = [enter, leave].map((part) => [x + part * dx, y + part * dy]);
  const whole = Math.hypot(dx, dy);
  return isTurned
    ? { from: far, to: near, isToEnd: enter === 0, before: (counted) => Math.max(0, counted - leave * whole) }
    : { from: near, to: far, isToEnd: leave === 1, before: (counted) => Math.min(counted, enter * whole) };
}

/**
 * The part of a piece at a distance from its start, counted from the end that is nearer, as what is far outside is cut
 * short.
 *
 * @param {number} distance
 * @param {number} whole  its length
 * @param {number} counted  of its length
 */
export function partAt(distance, whole, counted) {
  return distance < counted / 2 ? distance / whole : 1 - (counted - distance) / whole;
}

/**
 * Where a line enters and leaves the stretch from 0 to a size, with some space around it.
 *
 * @param {number} at
 * @param {number} by  how far the line goes
 * @param {number} size
 * @returns {[number, number]}  as parts of the line
 */
function crossing(at, by, size) {
  const [low, high] = [-OUTSIDE - at, size + OUTSIDE - at];
  if (by === 0) return low <= 0 && high >= 0 ? [0, 1] : [1, 0];
  return by > 0 ? [low / by, high / by] : [high / by, low / by];
}

/**
 * How many corners there are up to and including a point.
 *
 * @param {Int32Array} corners
 * @param {number} point  negative: none
 */
export function cornersUpTo(corners, point) {
  let low = 0;
  let high = corners.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (corners[middle] <= point) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The point of any path nearest to a pixel, among those that the step shows. Its record is counted from the first one.
 *
 * @param {PixelPath[]} paths
 * @param {number} x
 * @param {number} y
 * @param {number} step
 * @param {number} within  pixels
 * @returns {{path: Path, record: number, x: number, y: number} | null}
 */
export function nearestPoint(paths, x, y, step, within) {
  let best = within * within;
  let found = null;
  for (const { path, pixels } of paths) {
    const last = Math.min(step - path.first, path.length - 1);
    for (let k = 0; k <= last; k += 1) {
      const [dx, dy] = [pixels[2 * k] - x, pixels[2 * k + 1] - y];
      const squared = dx * dx + dy * dy;
      if (squared <= best) {
        best = squared;
        found = { path, record: k, x: pixels[2 * k], y: pixels[2 * k + 1] };
      }
    }
  }
  return found;
}
