import assert from "node:assert/strict";
import { test } from "node:test";

import { configsOf, stateOf } from "../../../static/js/state/configs.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";

const [xor, , rosenbrock] = catalog.problems;
const state = defaultState(catalog);

test("The catalog's comparison comes back as the configurations that it stands for.", () => {
  const configs = configsOf(state, xor);
  assert.deepEqual(configs[1], {
    problem: { name: "xor" },
    model: { hidden: [2, 2], activation: "relu", seed: 7 },
    optimizer: { name: "SGD", hyperparameters: { lr: 0.1, momentum: 0.9 } },
    steps: 300,
    dtype: "float32",
  });
  const again = { ...state, ...stateOf(configs) };
  assert.deepEqual(again, state);
});

test("What a person chose is in every configuration or in its own.", () => {
  const runs = [
    { ...state.runs[0], freeze: [{ params: ["fc2"] }], clip_grad: { name: "clip_grad_norm_", max_norm: 1 } },
    { ...state.runs[1], lr_scheduler: { name: "StepLR", hyperparameters: { step_size: 10 } } },
  ];
  const [one, two] = configsOf(
    { ...state, runs, samples: 50, noise: 0.2, dataSeed: 4, batchSize: 8, batchSeed: 5 },
    xor,
  );
  assert.deepEqual(one.problem, { name: "xor", samples: 50, noise: 0.2, seed: 4 });
  assert.deepEqual([one.batch_size, two.batch_size], [8, 8]);
  assert.deepEqual([one.batch_seed, two.batch_seed], [5, 5]);
  assert.deepEqual(one.freeze, [{ params: ["fc2"] }]);
  assert.deepEqual(one.clip_grad, { name: "clip_grad_norm_", max_norm: 1 });
  assert.equal("freeze" in two || "clip_grad" in two, false);
  assert.deepEqual(two.lr_scheduler, { name: "StepLR", hyperparameters: { step_size: 10 } });
});

test("The seed of an order is left out where there is none: with all samples in every step.", () => {
  const [config] = configsOf({ ...state, batchSize: null, batchSeed: 5 }, xor);
  assert.equal("batch_seed" in config, false);
});

test("A test function has a start, and neither network, locks nor batches.", () => {
  const runs = [{ ...state.runs[0], freeze: [{ params: ["fc2"] }] }];
  const [config] = configsOf({ ...state, runs, batchSize: 8, samples: 9, start: [1, 2] }, rosenbrock);
  assert.deepEqual(config.model, { start: [1, 2] });
  assert.deepEqual(config.problem, { name: "rosenbrock" });
  assert.equal("freeze" in config || "batch_size" in config, false);
});

test("A lock on a layer that the network has no more is not sent.", () => {
  const runs = [{ ...state.runs[0], freeze: [{ params: ["fc1", "fc4.bias"] }, { params: ["fc3"] }] }];
  const [config] = configsOf({ ...state, runs, hidden: [4] }, xor);
  assert.deepEqual(config.freeze, [{ params: ["fc1"] }]);
});

test("What is suggested has no more steps than the server allows.", () => {
  const narrow = { ...catalog, limits: { ...catalog.limits, max_steps: 5 } };
  for (const { name } of catalog.problems) assert.equal(defaultState(narrow, name).steps, 5);
});

test("On matrices a run has the seed of its start, locks and groups by their names, and nothing of a network.", () => {
  const problem = /** @type {any} */ ({
    ...rosenbrock,
    name: "factorisation",
    kind: "matrix",
    parameters: [
      { name: "left", shape: [8, 3] },
      { name: "right", shape: [8, 3] },
    ],
  });
  const freeze = [{ params: ["left", "fc1"] }];
  const optimizer = { ...state.runs[0].optimizer, param_groups: [{ params: ["right"], lr: 1 }] };
  const runs = [{ ...state.runs[0], freeze, optimizer }];
  const [config] = configsOf({ ...state, runs, batchSize: 8, seed: 3 }, problem);
  assert.deepEqual(config.model, { seed: 3 });
  assert.deepEqual(config.freeze, [{ params: ["left"] }]);
  assert.deepEqual(config.optimizer.param_groups, [{ params: ["right"], lr: 1 }]);
  assert.equal("batch_size" in config, false);
});
