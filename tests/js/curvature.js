/** Answers of `POST /api/curvature`, made up for tests. */

import { encode } from "./wire.js";

/** One run: three records of two parameters, unless told otherwise. */
export function answerOf(changes = {}) {
  const {
    steps = [0, 10, 20],
    eigenvalues = [8, -1, 12, 2, 6, 0],
    condition = [8, 6, Infinity],
    predicted = [-1, -0.5, NaN],
    real = [-0.9, 0.25, NaN],
    stability = {},
    ...rest
  } = changes;
  const array = (/** @type {number[]} */ values) => encode(Float64Array.from(values), [values.length]);
  const { value = [8, 12, 6], bound = [10, 10, 10], name = "gradient_descent" } = stability ?? {};
  return {
    steps,
    parameters: [2, 2, 2],
    eigenvalues: encode(Float64Array.from(eigenvalues), [steps.length, eigenvalues.length / steps.length]),
    condition: array(condition),
    negative: [1, 0, 0],
    drifting: [0, 0, 0],
    predicted: array(predicted),
    real: array(real),
    stability: stability && {
      name: name.replaceAll("_", " "),
      name_code: `bound_${name}`,
      name_params: {},
      formula: "2 / lr",
      source: "a paper",
      value: array(value),
      bound: array(bound),
    },
    no_bound: stability === null ? "No bound is known for this optimizer." : null,
    ...rest,
  };
}
