/**
 * What networks say over the plane of their data, step by step: a film of few steps to play, and single steps that are
 * exact where the clock rests.
 */

import { decodeArray } from "../../../jsonl.js";

/**
 * @typedef {import("../../../jsonl.js").TypedArray} TypedArray
 *
 * @typedef {object} Samples
 * @property {TypedArray} x  [n, 2]
 * @property {TypedArray} y  [n, 1]
 *
 * @typedef {object} Frames  of one run
 * @property {number[]} steps
 * @property {TypedArray} z  [steps, side, side]; rows follow the second input
 * @property {TypedArray} trainLoss  [steps]
 * @property {TypedArray} testLoss  [steps]
 * @property {TypedArray | null} hinges  [steps, units, 2, 2]: both ends of the line of each unit of the first layer
 * @property {Set<number>[]} dead  for each step, the units of the first layer that no sample activates
 *
 * @typedef {object} Film
 * @property {number} side  points along each side of the grid
 * @property {[[number, number], [number, number]]} window
 * @property {(number | null)[]} held  where each feature is held; null of the two that are drawn
 * @property {"classification" | "regression"} task
 * @property {Samples} train
 * @property {Samples} test
 * @property {Frames[]} runs
 *
 * @typedef {object} Frame  one run at one step
 * @property {Film} film
 * @property {number} step
 * @property {TypedArray} z  [side, side]
 * @property {number} trainLoss
 * @property {number} testLoss
 * @property {number[][]} hinges  [x, y, x, y] for each unit that has a line in sight and is alive
 */

/** Steps of a film: at thirty steps a second, two in three hundred steps cannot be told apart. */
const FILM_STEPS = 41;

/**
 * Steps at even distances from the first to the last.
 *
 * @param {number} last
 * @returns {number[]}
 */
export function filmSteps(last) {
  const count = Math.min(FILM_STEPS, last + 1);
  if (count === 1) return [0];
  return Array.from({ length: count }, (_, i) => Math.round((i * last) / (count - 1)));
}

/**
 * @param {import("../../../wire.d.ts").DecisionBoundary} answer
 * @returns {Film}
 */
export function filmOf({ x, window, held, task, train, test, runs }) {
  const samples = (/** @type {import("../../../wire.d.ts").Samples} */ given) => ({
    x: decodeArray(given.x).data,
    y: decodeArray(given.y).data,
  });
  return {
    side: decodeArray(x).data.length,
    window: /** @type {Film["window"]} */ (window),
    held,
    task,
    train: samples(train),
    test: samples(test),
    runs: runs.map((run) => ({
      steps: run.steps,
      z: decodeArray(run.z).data,
      trainLoss: decodeArray(run.train_loss).data,
      testLoss: decodeArray(run.test_loss).data,
      hinges: run.hinges === null ? null : decodeArray(run.hinges).data,
      dead: run.dead.map((layers) => new Set(layers.fc1 ?? [])),
    })),
  };
}

/**
 * The frame of a run that is nearest to a step.
 *
 * @param {Film} film
 * @param {number} run
 * @param {number} step
 * @returns {Frame}
 */
export function frameAt(film, run, step) {
  const { steps, z, trainLoss, testLoss, hinges, dead } = film.runs[run];
  let index = 0;
  for (let i = 1; i < steps.length; i += 1) {
    if (Math.abs(steps[i] - step) < Math.abs(steps[index] - step)) index = i;
  }
  const cells = film.side * film.side;
  return {
    film,
    step: steps[index],
    z: z.subarray(index * cells, (index + 1) * cells),
    trainLoss: trainLoss[index],
    testLoss: testLoss[index],
    hinges: hinges === null ? [] : linesOf(hinges, index, steps.length, dead[index]),
  };
}

/**
 * @param {TypedArray} hinges
 * @param {number} index
 * @param {number} count  of frames
 * @param {Set<number>} dead
 */
function linesOf(hinges, index, count, dead) {
  const units = hinges.length / (4 * count);
  return Array.from({ length: units }, (_, unit) => {
    const first = 4 * (index * units + unit);
    return dead.has(unit) ? [NaN] : [...hinges.subarray(first, first + 4)];
  }).filter((line) => line.every(Number.isFinite));
}

/**
 * Where a grid crosses a level: pieces of line [x, y, x, y] in cells, by marching squares.
 *
 * @param {TypedArray} z  [side, side]
 * @param {number} side
 * @param {number} level
 * @returns {number[][]}
 */
export function isoline(z, side, level) {
  const pieces = [];
  for (let row = 0; row + 1 < side; row += 1) {
    for (let column = 0; column + 1 < side; column += 1) {
      const at = row * side + column;
      const corners = [z[at], z[at + 1], z[at + side + 1], z[at + side]];
      const cut = crossings(corners, level).map(([x, y]) => [column + x, row + y]);
      for (let i = 0; i + 1 < cut.length; i += 2) pieces.push([...cut[i], ...cut[i + 1]]);
    }
  }
  return pieces;
}

const CORNERS = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

/**
 * @param {number[]} corners  values around a cell
 * @param {number} level
 * @returns {number[][]}  where its edges are cut: none, two or four points
 */
function crossings(corners, level) {
  const found = [];
  for (let i = 0; i < 4; i += 1) {
    const [a, b] = [corners[i], corners[(i + 1) % 4]];
    if (a < level === b < level || !Number.isFinite(a + b)) continue;
    const part = (level - a) / (b - a);
    const [[x0, y0], [x1, y1]] = [CORNERS[i], CORNERS[(i + 1) % 4]];
    found.push([x0 + part * (x1 - x0), y0 + part * (y1 - y0)]);
  }
  return found;
}
