import assert from "node:assert/strict";
import { test } from "node:test";

import { exactLabelsOf, labelsOf } from "../../../static/js/state/labels.js";
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
    [
      run("SGD"),
      run("SGD", {}, { loop: { zero_grad: false } }),
      run("SGD", {}, { loop: { set_to_none: false } }),
      run("SGD", {}, { loop: { accumulate: 4, scale_loss: false } }),
      run(
        "SGD",
        {},
        { loop: { order: ["forward", "loss", "backward", "zero_grad", "optimizer_step", "scheduler_step"] } },
      ),
      run("SGD", {}, { loop: { restart: { step: 20, optimizer: false, lr_scheduler: true } } }),
      run("SGD", {}, { loop: { replaced: ["fc2"] } }),
      run("SGD", {}, { freeze: [{ params: ["fc2"], by: "detach" }] }),
    ],
    [
      "SGD",
      "SGD no zero_grad",
      "SGD set_to_none=False",
      "SGD accumulate 4 losses summed",
      "SGD zero_grad before step",
      "SGD restored at 20 without optimizer",
      "SGD fc2 replaced",
      "SGD fc2 detach",
    ],
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
    [
      run("Adam", { betas: [0.9, 0.99] }),
      run("Adam", {}, { clip_grad: { name: "clip_grad_norm_", max_norm: 1 } }),
    ],
    ["Adam betas 0.9, 0.99", "Adam clip norm 1"],
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
    [
      run("SGD", {}, { freeze: [{ params: ["fc2"], from_step: 10, to_step: 30 }] }),
      run("SGD", {}, { freeze: [{ params: ["fc2"], from_step: 10, to_step: 40 }] }),
      run("SGD", {}, { freeze: [{ params: ["fc1", "fc2"], from_step: 10 }] }),
      run("SGD", {}, { freeze: [{ params: ["fc2"], from_step: 10, to_step: 30, clear_grad: false }] }),
    ],
    [
      "SGD fc2 frozen 10–30",
      "SGD fc2 frozen 10–40",
      "SGD fc1 fc2 frozen from 10",
      "SGD fc2 frozen 10–30 clear_grad=False",
    ],
  ],
  [
    [10, 20]
      .map((to) =>
        run("SGD", { momentum: 0.9, nesterov: true }, { freeze: [{ params: ["fc2"], to_step: to }] }),
      )
      .concat(run("SGD")),
    ["SGD momentum 0.9 fc2 frozen 0–10", "SGD momentum 0.9 fc2 frozen 0–20", "SGD"],
  ],
  [
    [run("Muon", { nesterov: false }), run("Muon")],
    ["Muon nesterov=False", "Muon"],
  ],
  [
    [0.35349811050301055, 0.1, 1e-7 / 3].map((lr) => run("SGD", { lr })),
    ["SGD lr 0.3535", "SGD lr 0.1", "SGD lr 3.333e-8"],
  ],
  [
    [0.353501, 0.353502, 0.2].map((lr) => run("SGD", { lr })),
    ["SGD lr 0.353501", "SGD lr 0.353502", "SGD lr 0.2"],
  ],
  [
    [run("Adam", { betas: [0.9, 0.99912345] }), run("Adam", { amsgrad: true })],
    ["Adam betas 0.9, 0.9991", "Adam amsgrad"],
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

test("All digits of a number are there to be read.", () => {
  const runs = /** @type {any} */ ([run("SGD", { lr: 0.35349811050301055 }), run("SGD", { lr: 0.1 })]);
  assert.deepEqual(exactLabelsOf(runs, translatorOf("en").t), ["SGD lr 0.35349811050301055", "SGD lr 0.1"]);
});
