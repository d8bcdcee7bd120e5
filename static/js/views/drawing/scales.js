/** Axes without a library: domains, ticks and the way from values to pixels. */

/**
 * @typedef {import("../types.js").AxisScale} AxisScale
 * @typedef {{min: number, max: number, minPositive: number}} Extent
 */

/** A logarithmic axis shows at most this many decades below its top. */
const MOST_DECADES = 12;

/** A symmetric logarithmic axis is linear for what is so many decades smaller than its end. */
const LINEAR_BELOW_DECADES = 3;

/**
 * The part of the axis to show for values of this extent, with a little air.
 *
 * @param {Extent} extent
 * @param {AxisScale} scale
 * @returns {[number, number]}
 */
export function niceDomain(extent, scale) {
  if (scale === "log") return logDomain(extent);
  if (scale === "symlog") return symlogDomain(extent);
  const { min, max } = extent;
  if (!(max >= min)) return [0, 1];
  const pad = max === min ? Math.abs(max) / 2 || 1 : 0.06 * (max - min);
  const low = min >= 0 && min <= 0.5 * max ? 0 : min - pad;
  return [low, max + pad];
}

/**
 * @param {Extent} extent
 * @returns {[number, number]}
 */
function logDomain({ max, minPositive }) {
  if (!(max > 0) || !Number.isFinite(minPositive)) return [0.1, 1];
  const low = Math.max(minPositive, max * 10 ** -MOST_DECADES);
  const pad = 10 ** Math.max(0.06 * Math.log10(max / low), 0.08);
  return [low / pad, max * pad];
}

/**
 * @param {Extent} extent
 * @returns {[number, number]}
 */
function symlogDomain({ min, max }) {
  if (!(max >= min) || (min === 0 && max === 0)) return [-1, 1];
  const linear = linearBelow([min, max]);
  const [low, high] = [Math.asinh(Math.min(min, 0) / linear), Math.asinh(Math.max(max, 0) / linear)];
  const pad = 0.05 * (high - low);
  return [linear * Math.sinh(low - pad), linear * Math.sinh(high + pad)];
}

/**
 * The size of the values around zero that a symmetric logarithmic axis shows linearly.
 *
 * @param {[number, number]} domain
 */
function linearBelow([low, high]) {
  const power = Math.floor(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  return 10 ** (power - LINEAR_BELOW_DECADES);
}

/**
 * @param {[number, number]} domain
 * @param {AxisScale} scale
 * @param {number} count  about how many
 * @returns {number[]}
 */
export function ticks(domain, scale, count) {
  if (scale === "symlog") return symlogTicks(domain, count);
  return scale === "log" ? logTicks(domain, count) : linearTicks(domain, count);
}

/**
 * Zero, and powers of ten on both sides of it.
 *
 * @param {[number, number]} domain
 * @param {number} count
 */
function symlogTicks([low, high], count) {
  const linear = linearBelow([low, high]);
  const shown = (/** @type {number} */ size) => [-size, size].filter((tick) => tick >= low && tick <= high);
  const sides = shown(10 * linear).length;
  const every = Math.max(1, Math.ceil((sides * LINEAR_BELOW_DECADES) / Math.max(1, count - 1)));
  const found = [0];
  for (let decade = LINEAR_BELOW_DECADES; decade > 0; decade -= every) {
    found.push(...shown(Number((linear * 10 ** decade).toPrecision(1))));
  }
  return found.sort((a, b) => a - b);
}

/**
 * @param {[number, number]} domain
 * @param {number} count
 */
function linearTicks([low, high], count) {
  const step = niceStep((high - low) / Math.max(1, count));
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => clean((first + i) * step, step));
}

/** What ticks a decade has, where there are fewer decades, and how many decades its closest two are apart. */
const MANTISSAS = [
  { of: [1, 2, 3, 5, 7], below: 1.2, apart: Math.log10(7 / 5) },
  { of: [1, 3], below: 2.5, apart: Math.log10(3) },
];

/**
 * @param {[number, number]} domain
 * @param {number} count
 */
function logTicks([low, high], count) {
  const decades = Math.log10(high / low);
  const closest = decades / (2.2 * count);
  const mantissas = MANTISSAS.find(({ below, apart }) => decades < below && apart >= closest)?.of ?? [1];
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const found = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power += 1) {
    if (mantissas.length === 1 && power % every !== 0) continue;
    for (const mantissa of mantissas) {
      const tick = Number(`${mantissa}e${power}`);
      if (tick >= low && tick <= high) found.push(tick);
    }
  }
  return found.length >= 2 ? found : linearTicks([low, high], count).filter((tick) => tick > 0);
}

/**
 * The next of 1, 2, 5, 10, 20, … that is not smaller.
 *
 * @param {number} rough
 */
export function niceStep(rough) {
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10;
  return factor * power;
}

/**
 * @param {number} value
 * @param {number} step
 */
function clean(value, step) {
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step))));
  return Number(value.toFixed(decimals)) + 0;
}

/**
 * @param {[number, number]} domain
 * @param {AxisScale} scale
 * @param {[number, number]} range  pixels at the ends of the domain
 * @returns {(value: number) => number} NaN where the axis cannot show the value
 */
export function scaler([low, high], scale, [from, to]) {
  if (scale === "log") {
    const [a, b] = [Math.log(low), Math.log(high)];
    return (value) => (value > 0 ? from + ((Math.log(value) - a) / (b - a)) * (to - from) : NaN);
  }
  if (scale === "symlog") {
    const linear = linearBelow([low, high]);
    const [a, b] = [Math.asinh(low / linear), Math.asinh(high / linear)];
    return (value) => from + ((Math.asinh(value / linear) - a) / (b - a)) * (to - from);
  }
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}
