/** A watched run of a small network, as its document and its records, for tests. */

import { History } from "../../static/js/history.js";
import { encode } from "./wire.js";

const SHAPES = { "fc1.weight": [2, 2], "fc1.bias": [2], "fc2.weight": [1, 2], "fc2.bias": [1] };

const GROUPS = [{ lr: 0.025, initial_lr: 0.05, betas: [0.8, 0.9], weight_decay: 0, fused: null, tensors: 4 }];

export const SOURCE = {
  program: "mine.py",
  optimizers: [{ name: "Adam", defaults: { lr: 0.05, betas: [0.8, 0.9] }, groups: GROUPS }],
  schedulers: ["StepLR"],
};

/** @returns {any} */
export function watchedDocument(changes = {}) {
  return {
    ...{ id: "w1", name: "mine", first: 0, step: 4, config: null, source: SOURCE, whole: 9, origin: null },
    ...changes,
  };
}

/** `run_started`, whose parameters have these shapes. */
export function watchedStart(/** @type {Record<string, number[]>} */ shapes = SHAPES) {
  const parameters = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    layer: name.includes(".") ? name.slice(0, name.lastIndexOf(".")) : null,
  }));
  const layers = [...new Set(parameters.map(({ layer }) => layer))].map((name) => ({
    ...{ name, numel: 3, group: 0 },
    parameters: parameters.filter(({ layer }) => layer === name).map((one) => one.name),
  }));
  const event = "run_started";
  return /** @type {any} */ ({
    event,
    config: null,
    source: SOURCE,
    parameters,
    layers,
    warnings: [],
    data: null,
  });
}

/** A block of it, of one record where it begins. */
export function watchedBlock(
  /** @type {number} */ first,
  /** @type {number} */ count,
  /** @type {any} */ { every = 1, shapes = SHAPES, ...more } = {},
) {
  const steps = Array.from({ length: count }, (_, i) => first + i * every);
  const column = (/** @type {(k: number) => number} */ value) =>
    encode(Float64Array.from(steps, value), [count]);
  const arrays = (/** @type {(k: number) => number} */ value) =>
    Object.fromEntries(
      Object.entries(shapes).map(([name, shape]) => {
        const width = shape.reduce((a, b) => a * b, 1);
        const numbers = steps.flatMap((k) => Array(width).fill(value(k)));
        return [name, encode(Float32Array.from(numbers), [count, ...shape])];
      }),
    );
  return /** @type {any} */ ({
    ...{ event: "block", first, count, every, momentum: null, state: {} },
    loss: column((k) => (k === 0 ? NaN : 1 / k)),
    lr: encode(Float64Array.from(steps, () => 0.05), [count, 1]), // prettier-ignore
    grad_norm: first === 0 ? null : column(() => 2),
    params: arrays((k) => k),
    grads: first === 0 ? null : arrays(() => 1),
    ...more,
  });
}

/** Its records 0 to 4. */
export function watchedHistory(/** @type {any} */ more = {}, shapes = SHAPES) {
  const history = new History(watchedStart(shapes));
  history.append(watchedBlock(0, 1, { shapes }));
  history.append(watchedBlock(1, 4, { shapes, ...more }));
  return history;
}
