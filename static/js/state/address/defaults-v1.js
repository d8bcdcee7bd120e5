/**
 * What an address of version 1 or 2 leaves out. Links that people have shared rest on it: it is never changed, whatever
 * the catalog suggests by now. Another table is another version.
 */

import { RATES } from "../sweep/axis.js";

/**
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Run} Run
 */

/**
 * The runs that were compared first on every problem.
 *
 * @param {number} sgd  lr
 * @param {number} momentum  lr of SGD with momentum
 * @param {number} adam  lr of Adam and AdamW
 * @param {number} decay  weight decay of AdamW
 * @returns {Run[]}
 */
function compared(sgd, momentum, adam, decay) {
  /** @type {import("../types.js").Call[]} */
  const optimizers = [
    { name: "SGD", hyperparameters: { lr: sgd } },
    { name: "SGD", hyperparameters: { lr: momentum, momentum: 0.9 } },
    { name: "Adam", hyperparameters: { lr: adam } },
    { name: "AdamW", hyperparameters: { lr: adam, weight_decay: decay } },
  ];
  return optimizers.map((optimizer, slot) => ({
    slot,
    optimizer,
    lr_scheduler: null,
    freeze: [],
    clip_grad: null,
  }));
}

/**
 * @param {number[]} hidden
 * @param {string} activation
 * @param {number} seed
 */
const network = (hidden, activation, seed) => ({ hidden, activation, seed });

/** What a test function has in the place of a network of its own. */
const NO_NETWORK = network([2, 2], "relu", 44);

export const DEFAULTS_V1 = Object.freeze({
  /** @satisfies {Partial<State>} */
  page: {
    problem: "xor",
    samples: null,
    noise: null,
    dataSeed: null,
    expression: null,
    bounds: null,
    points: null,
    start: null,
    dtype: "float32",
    batchSize: null,
    batchSeed: null,
    weights: null,
    selected: 0,
    plane: { kind: "pca", through: "mean" },
    window: null,
    scales: { surface: "log", loss: "log", lr: "linear", grad_norm: "log", sharpness: "log" },
    mode: "contour",
    arrows: false,
    network: "weights",
    panel: "training",
    parameter: null,
    element: 0,
    quantity: null,
    step: null,
    speed: 30,
    language: null,
    theme: null,
    projector: false,
    place: "compare",
    tune: { kind: "map", show: "end", of: "all" },
    edge: { x: null, y: null, window: null, cells: 256 },
    loops: { run: null, beside: null, show: null, x: "step", layer: null, at: null },
    sweep: { x: RATES, y: null, seeds: 8, target: null, judged: 20 },
    lesson: null,
    page: 0,
  },
  /** @type {Record<string, Pick<State, "hidden" | "activation" | "seed" | "steps" | "runs">>} */
  problems: {
    "seed-example": { ...network([2, 2], "relu", 204), steps: 100, runs: compared(0.02, 0.005, 0.02, 0.1) },
    blobs: { ...network([2, 2], "relu", 3), steps: 300, runs: compared(0.3, 0.1, 0.05, 0.1) },
    xor: { ...network([2, 2], "relu", 44), steps: 300, runs: compared(0.3, 0.2, 0.05, 0.1) },
    moons: { ...network([4, 4], "relu", 33), steps: 300, runs: compared(0.5, 0.2, 0.05, 0.02) },
    circles: { ...network([4, 4], "relu", 9), steps: 250, runs: compared(0.5, 0.2, 0.05, 0.1) },
    spiral: { ...network([8, 8], "tanh", 3), steps: 500, runs: compared(0.3, 0.2, 0.03, 0.05) },
    "regression-2d": { ...network([8], "tanh", 5), steps: 300, runs: compared(0.3, 0.1, 0.05, 0.1) },
    rosenbrock: { ...NO_NETWORK, steps: 300, runs: compared(0.001, 0.001, 0.05, 0.1) },
    himmelblau: { ...NO_NETWORK, steps: 150, runs: compared(0.01, 0.01, 0.1, 0.2) },
    beale: { ...NO_NETWORK, steps: 300, runs: compared(0.01, 0.002, 0.1, 0.1) },
    rastrigin: { ...NO_NETWORK, steps: 200, runs: compared(0.002, 0.004, 0.5, 0.05) },
    saddle: { ...NO_NETWORK, steps: 300, runs: compared(0.05, 0.02, 0.02, 0.3) },
    "quadratic-bowl": { ...NO_NETWORK, steps: 200, runs: compared(0.018, 0.01, 0.1, 0.1) },
    booth: { ...NO_NETWORK, steps: 150, runs: compared(0.05, 0.01, 0.3, 0.1) },
    "six-hump-camel": { ...NO_NETWORK, steps: 200, runs: compared(0.02, 0.01, 0.03, 0.2) },
    "styblinski-tang": { ...NO_NETWORK, steps: 150, runs: compared(0.01, 0.01, 0.1, 0.1) },
    ackley: { ...NO_NETWORK, steps: 200, runs: compared(0.02, 0.05, 0.3, 0.1) },
    "monkey-saddle": { ...NO_NETWORK, steps: 300, runs: compared(0.05, 0.02, 0.02, 0.3) },
    expression: { ...NO_NETWORK, steps: 150, runs: compared(0.05, 0.02, 0.1, 0.5) },
  },
});
