/**
 * What is measured by layer of a large model, from the numbers of a small one that was recorded whole.
 */

import { decodeArray } from "../../jsonl.js";

/**
 * @typedef {import("../../wire.d.ts").BlockOfSteps} BlockOfSteps
 * @typedef {import("../../wire.d.ts").Layer} Layer
 */

export class Whole {
  #layers;
  #isWhole;
  /** @type {Float64Array[] | null} of each layer its parameters at the record before */
  #before = null;
  #step = NaN;

  /**
   * @param {Layer[]} layers
   * @param {{name: string}[]} parameters  that are recorded whole
   */
  constructor(layers, parameters) {
    this.#layers = layers;
    const names = new Set(parameters.map(({ name }) => name));
    this.#isWhole =
      layers.length > 0 && layers.every((layer) => layer.parameters.every((name) => names.has(name)));
  }

  /**
   * @param {BlockOfSteps} block
   * @param {ArrayLike<number>} steps  of its records
   * @returns {[string, Float32Array][]}  by quantity [records, layers]; nothing unless all was recorded
   */
  quantities(block, steps) {
    if (!this.#isWhole || steps.length === 0) return [];
    const weights = this.#layers.map((layer) => rowsOf(layer.parameters, block.params, block.count));
    const grads = this.#layers.map((layer) => rowsOf(layer.parameters, block.grads ?? {}, block.count));
    const made = Object.fromEntries(
      NAMES.map((name) => [name, new Float32Array(steps.length * this.#layers.length).fill(NaN)]),
    );
    for (let k = 0; k < steps.length; k += 1) {
      const now = weights.map((rows) => rows[k]);
      const isNext = steps[k] - this.#step === 1;
      for (let layer = 0; layer < this.#layers.length; layer += 1) {
        const at = k * this.#layers.length + layer;
        const found = measured(now[layer], isNext ? (this.#before?.[layer] ?? null) : null, grads[layer][k]);
        for (const [name, value] of Object.entries(found)) made[name][at] = value;
      }
      [this.#before, this.#step] = [now, steps[k]];
    }
    return Object.entries(made);
  }
}

const NAMES = ["grad_norm", "weight_norm", "update_norm", "update_ratio", "effective_lr", "cos_update_grad", "zeros", "non_finite"]; // prettier-ignore

/**
 * @param {Float64Array} now  the parameters behind the step
 * @param {Float64Array | null} before  those before it
 * @param {Float64Array} grad  empty without one
 * @returns {Record<string, number>}
 */
function measured(now, before, grad) {
  const [weight, gradient] = [norm(now), grad.length === 0 ? NaN : norm(grad)];
  const counted = (/** @type {(value: number) => boolean} */ is) =>
    grad.length === 0 ? NaN : grad.reduce((count, value) => count + Number(is(value)), 0);
  const always = {
    grad_norm: gradient,
    weight_norm: weight,
    zeros: counted((value) => value === 0),
    non_finite: counted((value) => !Number.isFinite(value)),
  };
  if (before === null) return always;
  const update = now.map((value, i) => value - before[i]);
  const length = norm(update);
  const along =
    grad.length === update.length ? update.reduce((sum, value, i) => sum - value * grad[i], 0) : NaN;
  return {
    ...always,
    update_norm: length,
    update_ratio: length / norm(before),
    effective_lr: length / gradient,
    cos_update_grad: along / (length * gradient),
  };
}

/** @param {Float64Array} values */
function norm(values) {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/**
 * @param {string[]} names
 * @param {Record<string, import("../../wire.d.ts").TypedArray | null>} columns
 * @param {number} count
 * @returns {Float64Array[]}  of each record the numbers of all that there is
 */
function rowsOf(names, columns, count) {
  const known = names.flatMap((name) => (columns[name] ? [decodeArray(columns[name]).data] : []));
  const widths = known.map((data) => data.length / count);
  const total = widths.reduce((sum, width) => sum + width, 0);
  return Array.from({ length: count }, (_, k) => {
    const row = new Float64Array(total);
    let at = 0;
    known.forEach((data, i) => {
      row.set(data.subarray(k * widths[i], (k + 1) * widths[i]), at);
      at += widths[i];
    });
    return row;
  });
}
