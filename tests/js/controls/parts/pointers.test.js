import assert from "node:assert/strict";
import { test } from "node:test";

import {
  below,
  controlIds,
  nameAt,
  ownError,
  pieceOf,
} from "../../../../static/js/controls/parts/pointers.js";

const first = (/** @type {string} */ pointer) => controlIds(pointer, "card")[0];

test("A pointer leads to the control of what it names, or to that of what it belongs to.", () => {
  assert.deepEqual(controlIds("/optimizer/hyperparameters/lr", "card"), [
    "card-optimizer-lr",
    "card-optimizer-lr-0",
    "card-optimizer",
  ]);
  assert.equal(first("/optimizer/name"), "card-optimizer-name");
  assert.equal(first("/lr_scheduler/hyperparameters/T_max"), "card-scheduler-T_max");
  assert.equal(first("/lr_scheduler/interval"), "card-interval");
  assert.equal(first("/clip_grad/max_norm"), "card-clip-max_norm");
  assert.equal(first("/optimizer/rest/hyperparameters/lr"), "card-rest-lr");
  assert.equal(first("/optimizer/param_groups/1/lr"), "card-groups-1-lr");
  assert.equal(first("/optimizer/param_groups"), "card-groups");
  assert.deepEqual(controlIds("/steps", "card"), ["setup-steps"]);
  assert.deepEqual(controlIds("/nothing/here", "card"), []);
});

test("A pointer into a composed schedule leads to its piece.", () => {
  assert.deepEqual(pieceOf("/lr_scheduler/schedulers/1/hyperparameters/T_max"), { path: [1], name: "T_max" });
  assert.deepEqual(pieceOf("/lr_scheduler/schedulers/0/schedulers/2/name"), { path: [0, 2], name: null });
  assert.deepEqual(pieceOf("/lr_scheduler/milestones"), { path: [0], name: null });
  assert.equal(pieceOf("/lr_scheduler/hyperparameters/T_max"), null);
});

test("What a pointer is about has torch's name.", () => {
  assert.equal(nameAt("/optimizer/hyperparameters/betas/0"), "betas");
  assert.equal(nameAt("/lr_scheduler/name"), "lr_scheduler");
  assert.equal(nameAt("/lr_scheduler/schedulers/0/name"), "schedulers");
});

test("Errors are of a class or of what is below it.", () => {
  const errors = [
    { pointer: "/optimizer/name", detail: "a" },
    { pointer: "/optimizer/hyperparameters/lr", detail: "b" },
  ];
  assert.equal(ownError(errors, "/optimizer"), "a");
  assert.deepEqual(below(errors, "/optimizer/hyperparameters"), [{ pointer: "/lr", detail: "b" }]);
});
