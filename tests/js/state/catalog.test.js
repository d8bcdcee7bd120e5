import assert from "node:assert/strict";
import { test } from "node:test";

import { filled, optimizersNamedIn, withEntry } from "../../../static/js/state/catalog.js";

const lr = { name: "lr", kind: "float", default: 0.1, minimum: 0 };

/** @type {any} of the shape that GET /api/catalog/summary has */
const summary = {
  version: "1",
  torch: "2",
  problems: [{ name: "xor", kind: "dataset", loss: "F.mse_loss", bounds: [], suggested: {} }],
  activations: [{ name: "relu" }],
  optimizers: [
    { name: "SGD", summary: "Steps.", hyperparameters: [lr, { ...lr, name: "momentum", suggested: 0.9 }] },
    { name: "other.Lion", package: "other", title: "Lion", summary: "Signs." },
  ],
  lr_schedulers: [],
  clipping: [],
  limits: { max_steps: 5 },
  defaults: { comparison: { runs: [] } },
};

test("A field that the summary leaves out has the value that it stands for.", () => {
  const { problems, optimizers, limits } = filled(summary);
  assert.deepEqual([problems[0].title, problems[0].start, problems[0].minima], ["xor", null, []]);
  const [sgd, lion] = optimizers;
  assert.deepEqual([sgd.title, sgd.package], ["SGD", "torch"]);
  assert.deepEqual(
    sgd.hyperparameters.map(({ suggested }) => suggested),
    [0.1, 0.9],
  );
  assert.deepEqual([lion.title, lion.hyperparameters], ["Lion", []]);
  assert.equal(limits.max_steps, 5);
});

test("An entry takes its place in the catalog, and nothing else changes.", () => {
  const catalog = filled(summary);
  const whole = /** @type {any} */ ({ name: "other.Lion", hyperparameters: [lr], formula: "<math></math>" });
  const next = withEntry(catalog, "optimizers", whole);
  assert.equal(next.optimizers[1], whole);
  assert.equal(next.optimizers[0], catalog.optimizers[0]);
  assert.equal(next.problems, catalog.problems);
  assert.notEqual(catalog.optimizers[1], whole);
});

test("Optimizers of other packages are found in what names them.", () => {
  const catalog = filled(summary);
  assert.deepEqual(optimizersNamedIn(catalog, '[{"optimizer":{"name":"other.Lion"}}]'), ["other.Lion"]);
  assert.deepEqual(optimizersNamedIn(catalog, '[{"optimizer":{"name":"SGD"}}]'), []);
});
