// Small sweeps of the shape that POST /api/sweeps answers with, for the tests of what is drawn of them.
import { Cells } from "../../static/js/state/sweep/cells.js";

/** An array of the wire. @param {number[]} values */
const typed = (values) => {
  const bytes = new Uint8Array(new Float64Array(values).buffer);
  return { dtype: "f8", shape: String(values.length), bdata: btoa(String.fromCharCode(...bytes)) };
};

const LR = "/optimizer/hyperparameters/lr";
const MOMENTUM = "/optimizer/hyperparameters/momentum";

/** A run with all that the paths of a sweep lead to. */
export const run = (
  /** @type {any} */ optimizer = { name: "SGD", hyperparameters: { lr: 0.1, momentum: 0 } },
) => ({
  problem: { name: "xor" },
  model: { hidden: [2, 2], activation: "relu", seed: 44 },
  optimizer,
  steps: 30,
  dtype: "float32",
});

/** @param {any} [parts] */
export const started = (parts = {}) => ({
  event: "sweep_started",
  shape: [1, 2, 3],
  axes: [
    { path: LR, values: [0.1, 1] },
    { path: MOMENTUM, values: [0, 0.5, 0.9] },
  ],
  members: 6,
  reasons: ["completed", "diverged", "failed"],
  ways: [],
  runs: [run()],
  notes: [],
  warnings: [],
  torch: "2.13.0",
  ...parts,
});

/**
 * One event of cells.
 *
 * @param {number[]} members
 * @param {number[]} losses  infinite: diverged at step 7; NaN: refused
 */
export const cellsOf = (members, losses) => {
  const over = losses.map((loss) => loss === Infinity);
  return {
    event: "cells",
    members: typed(members),
    initial_loss: typed(losses.map(() => 1)),
    final_loss: typed(losses.map((loss, i) => (over[i] ? 9 : loss))),
    end_loss: typed(losses.map((loss, i) => (over[i] ? NaN : loss))),
    best_loss: typed(losses.map((loss, i) => (over[i] ? 1 : loss))),
    last_step: typed(over.map((isOver) => (isOver ? 7 : 30))),
    ended: typed(losses.map((loss, i) => (Number.isNaN(loss) ? 2 : Number(over[i])))),
  };
};

/** @param {any} parts of its start @param {number[]} losses of the first members */
export const filled = (parts, losses) => {
  const cells = new Cells(started(parts));
  if (losses.length > 0) cells.add(/** @type {any} */ (cellsOf([...losses.keys()], losses)));
  return cells;
};

/** A server that answers each sweep with what it is told, after a turn. @param {(body: any) => any[]} answer */
export const served = (answer) => {
  /** @type {any[]} */
  const bodies = [];
  return {
    bodies,
    async *sweep(/** @type {any} */ body, /** @type {AbortSignal} */ signal) {
      bodies.push(body);
      for (const event of answer(body)) {
        await new Promise((resolve) => setTimeout(resolve));
        signal.throwIfAborted();
        yield [event];
      }
    },
  };
};
