/**
 * Where a slider stands for a value, and which value it means where it stands.
 */

/** @typedef {import("../../state/types.js").Hyperparameter} Hyperparameter */

/**
 * @template [Value=number]
 * @typedef {object} Scale
 * @property {number} positions  the slider runs over 0, 1, …, positions
 * @property {(value: number) => number} toPosition  the nearest one
 * @property {(position: number) => Value} toValue  a short decimal
 */

/** The values of one decade of a logarithmic slider. */
const DIGITS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8];

/** Ranges in which the interesting values of some well-known arguments lie. @type {Record<string, [number, number]>} */
const RANGES = {
  lr: [1e-5, 10],
  max_lr: [1e-5, 10],
  base_lr: [1e-6, 1],
  weight_decay: [1e-6, 1],
  eps: [1e-12, 1e-2],
  max_norm: [1e-3, 100],
  clip_value: [1e-3, 100],
  noise: [0, 1],
  seed: [0, 99],
};

/** What an average keeps: what matters is how much it lets go. */
const DECAYS = [
  0, 0.5, 0.7, 0.8, 0.9, 0.93, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999, 0.9995,
  0.9998, 0.9999,
];

/** A range without an upper bound of its own ends at this many times the usual value. */
const HEADROOM = 10;

/**
 * The scale of an argument that is one number.
 *
 * @param {Hyperparameter} declared
 * @returns {Scale}
 */
export function scaleOf(declared) {
  if (declared.name === "decay") return scaleOver(DECAYS, (value) => -Math.log(Math.max(1 - value, 1e-12)));
  const [low, high] = within(declared, RANGES[declared.name]) ?? range(declared, usualValue(declared));
  const whole = declared.kind === "int";
  if (declared.scale !== "log") {
    return scaleOver(linearValues(low, high, whole ? 1 : roundStep((high - low) / 100), declared), Number);
  }
  const values = logValues(whole ? Math.max(low, 1) : low, high);
  const distinct = whole ? [...new Set(values.map(Math.round))] : values;
  const floor = Math.log(distinct[0]) - 1;
  return scaleOver(startsAtZero(declared) ? [0, ...distinct] : distinct, (value) =>
    Math.max(floor, Math.log(Math.max(value, 0))),
  );
}

/**
 * The powers of two below a number of samples, and then all of them: null.
 *
 * @param {number} samples
 * @returns {Scale<number | null>}
 */
export function batchScale(samples) {
  const powers = Array.from({ length: Math.ceil(Math.log2(samples)) }, (_, i) => 2 ** i);
  const scale = scaleOver([...powers, samples], (size) => Math.log(Math.min(size, samples)));
  return { ...scale, toValue: (position) => powers[position] ?? null };
}

/**
 * @param {Hyperparameter} declared
 * @param {[number, number] | undefined} known
 * @returns {[number, number] | undefined}
 */
function within({ minimum, maximum }, known) {
  return known && [Math.max(known[0], minimum ?? -Infinity), Math.min(known[1], maximum ?? Infinity)];
}

/** @param {Hyperparameter} declared */
function usualValue({ default: standard, suggested }) {
  return [standard, suggested].find((value) => typeof value === "number" && value !== 0) ?? 1;
}

/**
 * @param {Hyperparameter} declared
 * @param {any} usual
 * @returns {[number, number]}
 */
function range({ minimum, maximum, usual: span, scale, kind }, usual) {
  const size = Math.abs(usual);
  const far = kind === "int" ? HEADROOM * Math.max(100, size) : size * (scale === "log" ? 1e4 : HEADROOM);
  const low = scale === "log" ? size * 1e-4 : usual < 0 ? -far : 0;
  const [least, most] = span ?? [minimum ?? low, maximum ?? far];
  return [Math.max(least, low), Math.min(most, far)];
}

/** @param {Hyperparameter} declared */
function startsAtZero({ default: standard, minimum, usual, exclusive_minimum: exclusive }) {
  return standard === 0 && (usual?.[0] ?? minimum) === 0 && exclusive !== true;
}

/**
 * @param {number} low
 * @param {number} high
 * @returns {number[]}  the short decimals between them, about as far apart by their ratio
 */
function logValues(low, high) {
  const values = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power += 1) {
    for (const digits of DIGITS) {
      const value = Number(`${digits}e${power}`);
      if (value >= low && value <= high) values.push(value);
    }
  }
  return values;
}

/**
 * @param {number} low
 * @param {number} high
 * @param {number} step
 * @param {Hyperparameter} bounds
 */
function linearValues(
  low,
  high,
  step,
  { minimum, maximum, exclusive_minimum: above, exclusive_maximum: below },
) {
  const count = Math.max(1, Math.round((high - low) / step));
  return Array.from({ length: count + 1 }, (_, i) => Number((low + i * step).toPrecision(12)))
    .filter((value) => !(above === true && value === minimum))
    .filter((value) => !(below === true && value === maximum));
}

/**
 * @param {number[]} values  ascending
 * @param {(value: number) => number} measure  in which distances are taken
 * @returns {Scale}
 */
function scaleOver(values, measure) {
  return {
    positions: values.length - 1,
    toValue: (position) => values[position],
    toPosition(value) {
      const distances = values.map((candidate) => Math.abs(measure(candidate) - measure(value)));
      return distances.indexOf(Math.min(...distances));
    },
  };
}

/**
 * The next step of the form 1, 2 or 5 times a power of ten.
 *
 * @param {number} step
 */
function roundStep(step) {
  const power = 10 ** Math.floor(Math.log10(step));
  const digit = [1, 2, 5, 10].find((candidate) => candidate * power >= step * (1 - 1e-9)) ?? 10;
  return digit * power;
}
