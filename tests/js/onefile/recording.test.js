import assert from "node:assert/strict";
import { test } from "node:test";
import { canonical } from "../../../static/js/onefile/canonical.js";
import { Recording } from "../../../static/js/onefile/recording.js";
import { catalog } from "../catalog.js";

const VIEWS = { tabs: ["training", "step"], scales: { loss: ["log", "linear"] } };
const REFUSED = /** @type {any} */ ({ call: {}, step: {} });

/** @param {string} name @param {object} [more] */
const config = (name, more) => ({
  problem: { name: "xor" },
  model: { hidden: [2, 2], activation: "relu", seed: 0 },
  optimizer: { name, hyperparameters: { lr: 0.25 } },
  ...{ steps: 9, dtype: "float32", ...more },
});

/** @param {string} name @param {object} [more] @returns {any} */
const recorded = (name, more) => ({
  config: config(name, more),
  ...{ events: name, anatomies: {}, warnings: [], code: "" },
});

test("What is asked for is the same in any order of its fields, and with or without nulls.", () => {
  assert.equal(canonical({ b: [1, { d: null, c: 2 }], a: null }), canonical({ b: [1, { c: 2 }] }));
  assert.notEqual(canonical({ a: [1, 2] }), canonical({ a: [2, 1] }));
  assert.notEqual(canonical({ a: [null] }), canonical({ a: [] }));
});

test("Each page of a lesson has its own runs and surface; a run that freezes is there without that, too.", () => {
  const frozen = { freeze: [{ params: ["fc1"] }] };
  const pages = [["SGD(lr:0.25)"], ["(optimizer:SGD(lr:0.25),freeze:[(params:[fc1])])", "Adam(lr:0.25)"]];
  const steps = pages.map((runs) => ({
    address: `?v=2&problem=xor&hidden=2,2&activation=relu&seed=0&steps=9&runs=[${runs.join(",")}]`,
    points_at: null,
  }));
  const runs = [
    recorded("SGD"),
    { ...recorded("SGD", frozen), events: "cold", ghost: "ghost" },
    recorded("Adam"),
  ];
  const scene = (/** @type {number} */ page, /** @type {number[]} */ own) =>
    /** @type {any} */ ({ address: steps[page].address, runs: own, surface: { page } });
  const recording = new Recording({
    ...{ place: "learn", address: "", runs, scenes: [scene(0, [0]), scene(1, [1, 2])] },
    documents: { "/api/lessons?language=en": [{ id: "one", steps }] },
    refused: REFUSED,
  });
  recording.begin("", catalog, VIEWS);
  const cold = /** @type {any} */ (config("SGD", frozen));
  const [plain, other] = /** @type {any[]} */ ([config("SGD"), config("Adam")]);
  assert.deepEqual(recording.surface([plain]), { page: 0 });
  assert.deepEqual(recording.surface([cold, other]), { page: 1 });
  assert.equal(recording.surface([other]), undefined);
  assert.equal(recording.run(cold)?.events, "cold");
  assert.equal(recording.run(plain)?.events, "SGD", "which is recorded itself, and more than a ghost");
});

test("Maps are asked for as they are recorded; paths over them are those of the runs, and judges are found.", () => {
  const axes = [{ path: "/model/start/0", values: [-1, 1] }];
  const run = { problem: { name: "rosenbrock" }, model: {}, steps: 3, dtype: "float32" };
  const [sgd, adam] = ["SGD", "Adam"].map((name) => ({ name, hyperparameters: { lr: 0.1 } }));
  const body = /** @type {any} */ ({ run: { ...run, optimizer: sgd }, axes, optimizers: [sgd, adam] });
  const judge = /** @type {any} */ ({ run: { ...run, optimizer: adam }, axes });
  const runs = [sgd, adam].map((optimizer) => ({
    ...recorded(optimizer.name),
    config: { ...run, optimizer },
  }));
  const recording = new Recording({
    ...{
      place: "tune",
      address: "",
      runs: /** @type {any} */ (runs),
      scenes: [],
      documents: {},
      refused: REFUSED,
    },
    sweeps: [
      { body, runs: [0, 1], events: "cells" },
      { body: judge, runs: [], events: "judged" },
    ],
  });
  const state = recording.begin("", catalog, VIEWS);
  assert.deepEqual(recording.asks, [{ body, slots: state.runs.map(({ slot }) => slot) }]);
  assert.equal(recording.sweep({ ...body, target: null }), "cells");
  assert.equal(recording.sweep(judge), "judged");
  assert.equal(recording.sweep({ ...body, seeds: [1] }), undefined);
  const { start } = /** @type {any} */ (catalog.problems.find(({ name }) => name === "rosenbrock"));
  const path = /** @type {any} */ ({ ...run, optimizer: adam, model: { start } });
  assert.equal(recording.run(path)?.events, "Adam");
});

test("Cards say what differs from torch's defaults, and their runs are found by that.", () => {
  const full = { name: "SGD", hyperparameters: { lr: 0.25, momentum: 0, nesterov: false } };
  const scene = { address: "", runs: [0], surface: { page: 0 } };
  const recording = new Recording({
    ...{ place: "compare", address: "", runs: [recorded("SGD", { optimizer: full })] },
    ...{ scenes: /** @type {any} */ ([scene]), documents: {}, refused: REFUSED },
  });
  const { runs } = recording.begin("", catalog, VIEWS);
  assert.deepEqual(runs[0].optimizer, { name: "SGD", hyperparameters: { lr: 0.25 } });
  assert.equal(recording.run(/** @type {any} */ (config("SGD")))?.events, "SGD");
});
