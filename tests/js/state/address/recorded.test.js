import assert from "node:assert/strict";
import { test } from "node:test";
import { configsOf } from "../../../../static/js/state/configs.js";
import { problemOf } from "../../../../static/js/state/catalog.js";
import { recordedState } from "../../../../static/js/state/address/recorded.js";
import { catalog } from "../../catalog.js";

const VIEWS = { tabs: ["training", "step"], scales: { loss: ["log", "linear"] } };
const CONFIGS = ["SGD", "Adam"].map((name) => ({
  problem: { name: "xor" },
  model: { hidden: [3], seed: 5 },
  optimizer: { name, hyperparameters: { lr: 0.25 } },
  steps: 40,
}));

test("The runs are those that were recorded; the address says how they are looked at, and in which slots.", () => {
  const query =
    "?v=2&problem=moons&steps=9&runs=[(slot:1,optimizer:SGD(lr:1)),(slot:4,optimizer:SGD(lr:2))]&selected=4&step=7&plots=step";
  const state = recordedState(CONFIGS, query, catalog, VIEWS);
  const { problem, steps, hidden, seed, step, panel, selected } = state;
  assert.deepEqual([problem, steps, hidden, seed], ["xor", 40, [3], 5]);
  assert.deepEqual([step, panel, selected], [7, "step", 4]);
  assert.deepEqual(
    state.runs.map(({ slot, optimizer }) => [slot, optimizer.name, optimizer.hyperparameters.lr]),
    [
      [1, "SGD", 0.25],
      [4, "Adam", 0.25],
    ],
  );
  assert.equal(configsOf(state, problemOf(catalog, "xor")).length, 2);
});

test("Without an address they play from their beginning; what a file has not is not shown.", () => {
  const { step, runs, place, mode, lesson } = recordedState(
    CONFIGS,
    "?v=2&view=3d&place=tune",
    catalog,
    VIEWS,
  );
  assert.deepEqual([step, place, mode, lesson], [null, "compare", "contour", null]);
  assert.deepEqual(
    runs.map(({ slot }) => slot),
    [0, 1],
  );
});
