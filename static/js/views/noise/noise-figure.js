/** Gradient noise as plain data: what the server measured, as numbers, and the two charts over the batch size. */

import { niceDomain, scaler } from "../drawing/scales.js";

/**
 * @typedef {object} NoiseAt  one batch size
 * @property {number} size
 * @property {number} spread  root mean square distance from the full gradient
 * @property {number} cosine
 * @property {[number, number]} range  of the middle four fifths of the cosines
 * @property {number} minibatches  that the cosines are of
 * @property {boolean} exact  whether those are all that there are
 *
 * @typedef {object} Noise
 * @property {number} step
 * @property {number} samples
 * @property {number} parameters
 * @property {number} seen  samples of a step of the run
 * @property {number} norm  of the full gradient
 * @property {number} trace
 * @property {number} scale  the simple noise scale
 * @property {number} balance  the batch size at which the spread is as large as the norm
 * @property {number} seed
 * @property {NoiseAt[]} sizes
 *
 * @typedef {object} Chart
 * @property {(size: number) => number} x
 * @property {(value: number) => number} y
 * @property {number[]} xTicks
 * @property {number[]} yTicks
 * @property {string} line  a path
 */

/**
 * @param {import("../../wire.d.ts").MeasuredNoise} answer
 * @returns {Noise}
 */
export function noiseOf(answer) {
  const { step, samples, parameters, seen, seed } = answer;
  return {
    ...{ step, samples, parameters, seen, seed },
    norm: Number(answer.gradient_norm),
    trace: Number(answer.trace),
    scale: Number(answer.noise_scale),
    balance: Number(answer.balance),
    sizes: answer.sizes.map(({ size, spread, cosine, cosine_range: [low, high], minibatches, exact }) => ({
      ...{ size, minibatches, exact },
      spread: Number(spread),
      cosine: Number(cosine),
      range: [Number(low), Number(high)],
    })),
  };
}

/**
 * The spread at any batch size: sampling without replacement, which leaves nothing to chance at the whole dataset.
 *
 * @param {Pick<Noise, "trace" | "samples">} noise
 * @param {number} size
 */
export function spreadAt({ trace, samples }, size) {
  return Math.sqrt(((trace / size) * (samples - size)) / (samples - 1));
}

/**
 * The spread against the norm, both axes logarithmic.
 *
 * @param {Noise} noise
 * @param {{width: number, height: number}} frame
 * @returns {Chart & {norm: number | null}}  norm: its height, where it can be shown
 */
export function spreadChart(noise, { width, height }) {
  const x = scaler([1, noise.samples], "log", [0, width]);
  const values = [...noise.sizes.map(({ spread }) => spread), noise.norm].filter((one) => one > 0);
  const extent = { min: Math.min(...values), max: Math.max(...values), minPositive: Math.min(...values) };
  const domain = niceDomain(extent, "log");
  const y = scaler(domain, "log", [height, 0]);
  return {
    x,
    y,
    xTicks: sizeTicks(noise, width),
    yTicks: decades(domain),
    line: pathOf(noise.sizes.filter(({ spread }) => spread > 0).map(({ size, spread }) => [x(size), y(spread)])), // prettier-ignore
    norm: noise.norm > 0 ? y(noise.norm) : null,
  };
}

/**
 * The cosines, with the band in which most of them lie.
 *
 * @param {Noise} noise
 * @param {{width: number, height: number}} frame
 * @returns {Chart & {band: string}}
 */
export function cosineChart(noise, { width, height }) {
  const known = noise.sizes.filter(({ cosine }) => Number.isFinite(cosine));
  const low = known.some(({ range }) => range[0] < 0) ? -1 : 0;
  const x = scaler([1, noise.samples], "log", [0, width]);
  const y = scaler([low, 1], "linear", [height, 0]);
  const edge = (/** @type {0 | 1} */ end) => known.map(({ size, range }) => [x(size), y(range[end])]);
  return {
    x,
    y,
    xTicks: sizeTicks(noise, width),
    yTicks: low < 0 ? [-1, 0, 1] : [0, 0.5, 1],
    line: pathOf(known.map(({ size, cosine }) => [x(size), y(cosine)])),
    band: known.length === 0 ? "" : `${pathOf([...edge(1), ...edge(0).reverse()])}Z`,
  };
}

/** From tick to tick of the batch sizes, in pixels. */
const TICKS_APART = 34;

/**
 * @param {Noise} noise
 * @param {number} width
 */
function sizeTicks({ sizes }, width) {
  const every = Math.max(1, Math.ceil((TICKS_APART * (sizes.length - 1)) / Math.max(width, 1)));
  const inner = sizes.slice(0, -1).filter((_, i) => i % every === 0);
  const last = sizes[sizes.length - 1].size;
  const isFree = (/** @type {NoiseAt} */ { size }) => last / size >= 2 ** (every / 2);
  return [...inner.filter(isFree).map(({ size }) => size), last];
}

/** @param {[number, number]} domain */
function decades([low, high]) {
  const [from, to] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
  return to < from ? [high] : Array.from({ length: to - from + 1 }, (_, i) => 10 ** (from + i));
}

/** @param {number[][]} points */
function pathOf(points) {
  return points.map(([x, y], i) => `${i === 0 ? "M" : "L"}${x.toFixed(1)},${y.toFixed(1)}`).join("");
}
