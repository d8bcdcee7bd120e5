/** Watched runs as their events come, for tests. */

import { Record } from "../../../../static/js/state/loops/record.js";
import { encode } from "../../wire.js";

/** A block of records by layer. */
export function block(first, columns, { count = 2, every = 1 } = {}) {
  const numbers = (values, ...shape) => encode(Float32Array.from(values), [count, ...shape]);
  return {
    ...{ event: "block", first, count, every, momentum: null, grad_norm: null },
    ...{ params: {}, grads: {}, state: {} },
    loss: numbers(Array(count).fill(NaN)),
    lr: numbers(Array(count).fill(0.1), 1),
    ...columns(numbers),
  };
}

/** `run_started` of a watched run. */
export function started(layers, parameters = []) {
  return {
    event: "run_started",
    config: null,
    source: {},
    layers,
    parameters,
    warnings: [],
    torch: "2.13.0",
    data: null,
  };
}

/** A run of some steps, whose records are as far apart as these. @param {number[]} steps */
export function recordedAt(steps) {
  const record = new Record(started([]));
  for (const step of steps) record.append(block(step, () => ({}), { count: 1 }));
  return record;
}

export const LAYERS = [
  { name: "0", parameters: ["0.weight"], numel: 2, group: 0, module: "Linear(2, 1)" },
  { name: "1", parameters: ["1.weight"], numel: 4, group: null },
];
