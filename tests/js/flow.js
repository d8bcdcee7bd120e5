/** A central flow as the server answers with it, made up for tests: two parameters, at steps 1 to 3. */

import { encode } from "./wire.js";

const column = (/** @type {number[]} */ values) => encode(Float64Array.from(values), [values.length]);

/** @param {object} [changes] */
export function flowAnswer(changes = {}) {
  return {
    flow: {
      steps: [1, 2, 3],
      path: encode(Float64Array.from([0, 0, 1, 0, 2, 1]), [3, 2]),
      loss: column([3, 2, 1]),
      predicted_loss: column([3, 2.5, 1.5]),
      run_loss: column([3, 3, 1]),
      measured_loss: column([3, 2.4, 1.6]),
      sharpness: column([4, 5, 5]),
      bound: 5,
      predicted_variance: column([0, 0.1, 0.2]),
      measured_variance: column([0, 0.2, 0.1]),
      oscillating: [0, 1, 1],
      distance: column([0, 0.5, 0.25]),
      window: 100,
      edge: 2,
      mean_loss: { predicted: 2, measured: 2.5 },
      mean_variance: { predicted: 0.15, measured: 0.15 },
      departs: null,
      stopped: null,
      stopped_code: null,
      stopped_params: {},
      ...changes,
    },
    no_flow: null,
    no_flow_code: null,
    no_flow_params: {},
  };
}

/** The answer where there is none. */
export const NO_FLOW = {
  flow: null,
  no_flow: "no momentum",
  no_flow_code: "flow_momentum",
  no_flow_params: { value: 0.9 },
};
