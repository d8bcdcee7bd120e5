import assert from "node:assert/strict";
import { test } from "node:test";

import { labelsOf } from "../../../static/js/state/labels.js";
import { translatorOf } from "../languages.js";

/** @param {string} name @param {object} [hyperparameters] @param {object} [rest] */
const run = (name, hyperparameters = {}, rest = {}) =>
  /** @type {any} */ ({
    optimizer: { name, hyperparameters },
    lr_scheduler: null,
    freeze: [],
    clip_grad: null,
    ...rest,
  });

const CASES = [
  [
    [run("Adam", { lr: 0.1 }), run("AdamW", { lr: 0.1 })],
    ["Adam", "AdamW"],
  ],
  [
    [run("SGD", { lr: 0.1 }), run("SGD", { lr: 0.1, momentum: 0.9 })],
    ["SGD", "SGD momentum 0.9"],
  ],
  [
    [run("SGD", { lr: 0.1 }), run("SGD", { lr: 0.5, momentum: 0.9, nesterov: true })],
    ["SGD lr 0.1", "SGD momentum 0.9 nesterov"],
  ],
  [
    [run("Adam", { lr: 0.1 }), run("Adam", { lr: 0.01 })],
    ["Adam lr 0.1", "Adam lr 0.01"],
  ],
  [
    [
      run("Adam"),
      run("Adam", {}, { freeze: [{ params: ["fc2"] }] }),
      run("Adam", {}, { lr_scheduler: { name: "StepLR" } }),
    ],
    ["Adam", "Adam fc2 frozen", "Adam StepLR"],
  ],
  [
    [run("Adam", { betas: [0.9, 0.99] }), run("Adam", {}, { clip_grad: { name: "clip_grad_norm_" } })],
    ["Adam betas 0.9, 0.99", "Adam clipped"],
  ],
  [
    [run("pytorch_optimizer.Lion"), run("pytorch_optimizer.ASGD"), run("ASGD")],
    ["Lion", "pytorch_optimizer.ASGD", "ASGD"],
  ],
  [
    [
      run("Muon"),
      { ...run("Muon"), optimizer: { name: "Muon", hyperparameters: {}, rest: { name: "Adam" } } },
      { ...run("Muon"), optimizer: { name: "Muon", hyperparameters: {}, param_groups: [{}, {}] } },
    ],
    ["Muon", "Muon + Adam", "Muon 2 groups"],
  ],
  [
    [run("Adam"), run("Adam"), run("Adam")],
    ["Adam", "Adam (2)", "Adam (3)"],
  ],
];

for (const [runs, labels] of CASES) {
  test(`Runs are called ${labels.join(", ")}.`, () => {
    assert.deepEqual(labelsOf(/** @type {any} */ (runs), translatorOf("en").t), labels);
  });
}
