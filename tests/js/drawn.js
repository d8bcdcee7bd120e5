/** What the views are given, made up for tests. */

import { History } from "../../static/js/history.js";
import { encode, startedEvent } from "./wire.js";

/** A run with the identity that the page gives it. */
export function runOf(id, changes = {}) {
  return {
    id,
    label: `run ${id}`,
    color: "#0068ad",
    dash: [],
    marker: "circle",
    config: { freeze: [] },
    history: null,
    stale: false,
    ...changes,
  };
}

/**
 * A history of `records` records whose parameters are `value(record, index)`.
 *
 * @param {Record<string, number[]>} shapes
 * @param {number} records
 * @param {(k: number, i: number, name: string) => number} value
 * @param {object} options
 */
export function historyOf(shapes, records, value, options = {}) {
  const {
    loss = (k) => 1 / (k + 1),
    lr = () => 0.1,
    grad = () => 1,
    frozen = () => false,
    config = {},
    data,
  } = options;
  const parameters = Object.entries(shapes).map(([name, shape]) => ({
    name,
    shape,
    layer: name.includes(".") ? name.split(".")[0] : null,
  }));
  const history = new History(startedEvent(parameters, config, data ?? null));
  for (let k = 0; k < records; k += 1) {
    const arrays = (number) =>
      Object.fromEntries(
        parameters.map(({ name, shape }) => {
          const width = shape.reduce((a, b) => a * b, 1);
          return [
            name,
            encode(
              Float32Array.from({ length: width }, (_, i) => number(k, i, name)),
              [1, ...shape],
            ),
          ];
        }),
      );
    const grads = k === 0 ? null : arrays(grad);
    for (const { name, layer } of parameters) if (grads !== null && frozen(layer, k)) grads[name] = null;
    history.append({
      first: k,
      count: 1,
      loss: encode(Float64Array.of(loss(k)), [1]),
      lr: encode(Float64Array.of(lr(k)), [1, 1]),
      momentum: null,
      grad_norm: k === 0 ? null : encode(Float64Array.of(2), [1]),
      params: arrays(value),
      grads,
      state: {},
      ...options.optional?.(k),
    });
  }
  return history;
}

/** All that is drawn. */
export function dataOf(runs, changes = {}) {
  return {
    runs,
    selected: runs[0]?.id ?? null,
    problem: { kind: "dataset", name: "made-up" },
    steps: 100,
    surface: null,
    theme: "light",
    scales: { loss: "log", lr: "linear", grad_norm: "log", surface: "log" },
    mode: "contour",
    network: "weights",
    ...changes,
  };
}

/** A surface of 3 columns and 2 rows, unless told otherwise. */
export function surfaceOf({
  runs = [],
  paths = [],
  x = [0, 1, 2],
  y = [10, 20],
  z = [
    [1, 2, 3],
    [4, 5, 6],
  ],
} = {}) {
  const response = {
    x,
    y,
    z,
    axes: [
      { label: "PC 1", variance_explained: 0.823 },
      { label: "PC 2", variance_explained: 0.1 },
    ],
    paths: paths.map((xy) => ({
      xy,
      loss: xy.map(() => 1),
      distance: xy.map(() => 0),
      plane_loss: xy.map(() => 1),
    })),
  };
  return { response, runs, stale: false };
}
