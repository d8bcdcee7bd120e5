import assert from "node:assert/strict";
import { test } from "node:test";

import {
  addRun,
  changeClass,
  removeRun,
  setHyperparameter,
  valueOf,
  withinBounds,
} from "../../../static/js/state/edits.js";
import { chooseProblem } from "../../../static/js/state/choose-problem.js";
import { layerNames } from "../../../static/js/state/layers.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";

const state = defaultState(catalog);
const [sgd, adam] = catalog.optimizers;
const [stepLR, cosine] = catalog.lr_schedulers;
const slots = (/** @type {any} */ { runs }) => runs.map((/** @type {any} */ run) => run.slot);

test("A further run copies the one asked for, takes the first free slot and is selected.", () => {
  const change = addRun({ ...state, runs: state.runs.filter((run) => run.slot !== 1) }, 0);
  assert.deepEqual(slots(change), [0, 2, 1]);
  assert.equal(change.selected, 1);
  assert.deepEqual(change.runs?.[2].optimizer, state.runs[0].optimizer);
  assert.notEqual(change.runs?.[2].optimizer, state.runs[0].optimizer);
});

test("Removing the selected run selects its neighbour.", () => {
  assert.equal(removeRun({ ...state, selected: 1 }, 1).selected, 2);
  assert.equal(removeRun({ ...state, selected: 2 }, 2).selected, 1);
  assert.equal(removeRun({ ...state, selected: 0 }, 2).selected, 0);
});

test("The last run cannot be removed.", () => {
  assert.deepEqual(removeRun({ ...state, runs: [state.runs[0]] }, 0), {});
});

test("Another optimizer keeps the arguments that both know, if they are within its bounds.", () => {
  const call = { name: "SGD", hyperparameters: { lr: 0.1, momentum: 0.9 } };
  assert.deepEqual(changeClass(call, adam, 300), { name: "Adam", hyperparameters: { lr: 0.1 } });
  const wild = { name: "Adam", hyperparameters: { lr: -1 } };
  assert.deepEqual(changeClass(wild, sgd, 300), { name: "SGD", hyperparameters: {} });
});

test("A scheduler gets a value for all that it needs, and what should span the run does.", () => {
  assert.deepEqual(changeClass(null, stepLR, 50), { name: "StepLR", hyperparameters: { step_size: 100 } });
  assert.deepEqual(changeClass(null, cosine, 50), {
    name: "CosineAnnealingLR",
    hyperparameters: { T_max: 50 },
  });
});

test("Arguments stand in the order of their class, and torch's defaults need no mention.", () => {
  const call = { name: "SGD", hyperparameters: { momentum: 0.9 } };
  const faster = setHyperparameter(call, sgd, "lr", 0.1);
  assert.equal(JSON.stringify(faster.hyperparameters), '{"lr":0.1,"momentum":0.9}');
  assert.deepEqual(setHyperparameter(faster, sgd, "lr", 1e-3), call);
  assert.equal(valueOf(call, sgd.hyperparameters[0]), 1e-3);
});

test("An argument that torch has no default for is always given.", () => {
  const call = setHyperparameter({ name: "StepLR", hyperparameters: {} }, stepLR, "step_size", 100);
  assert.deepEqual(call.hyperparameters, { step_size: 100 });
});

test("Bounds hold, and exclusive ones exclude.", () => {
  const bounds = /** @type {any} */ ({ minimum: 0, maximum: 1, exclusive_maximum: true });
  assert.deepEqual(
    [-0.1, 0, 0.5, 1].map((value) => withinBounds(bounds, value)),
    [false, true, true, false],
  );
});

test("The layers carry torch's names.", () => {
  assert.deepEqual(layerNames([2, 2]), ["fc1", "fc2", "fc3"]);
  assert.deepEqual(layerNames([]), ["fc1"]);
});

test("Another problem brings what it suggests, where the person had changed nothing.", () => {
  const change = chooseProblem({ ...state, samples: 9, step: 40 }, catalog, "seed-example");
  assert.deepEqual({ ...state, ...change }, { ...defaultState(catalog, "seed-example") });
});

test("Another problem keeps the runs, the network and the length that the person chose.", () => {
  const own = { name: "Adam", hyperparameters: { lr: 0.123 } };
  const runs = [
    { ...state.runs[0], optimizer: own },
    { ...state.runs[1], freeze: [{ params: ["fc2"] }] },
  ];
  const change = chooseProblem({ ...state, runs, hidden: [9], steps: 77 }, catalog, "seed-example");
  assert.deepEqual(change.runs?.[0], runs[0]);
  assert.deepEqual(change.runs?.[1].optimizer.hyperparameters, { lr: 0.01, momentum: 0.9 });
  assert.deepEqual(change.runs?.[1].freeze, [{ params: ["fc2"] }]);
  assert.equal("hidden" in change, false);
  assert.equal(change.steps, 77);
});

test("A test function has no network of its own, and the next problem that has one brings it.", () => {
  const there = { ...state, ...chooseProblem({ ...state, hidden: [9] }, catalog, "rosenbrock") };
  assert.deepEqual(there, defaultState(catalog, "rosenbrock"));
  const back = chooseProblem(there, catalog, "seed-example");
  assert.deepEqual([back.hidden, back.activation, back.seed], [[3], "tanh", 5]);
});
