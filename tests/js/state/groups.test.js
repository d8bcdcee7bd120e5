import assert from "node:assert/strict";
import { test } from "node:test";

import { configsOf } from "../../../static/js/state/configs.js";
import {
  changeHidden,
  clearOwn,
  compactNames,
  groupsPerLayer,
  include,
  leftOut,
  oneAfterAnother,
  ownNames,
  plainGroups,
  setOwn,
  weightsAndBiases,
} from "../../../static/js/state/groups.js";
import { defaultState } from "../../../static/js/state/address/table.js";
import { catalog } from "../catalog.js";

const LAYERS = ["fc1", "fc2", "fc3"];
const each = groupsPerLayer(LAYERS);
const [sgd, adam] = catalog.optimizers;
const muon = { ...sgd, name: "Muon", matrices_only: true };
const lbfgs = { ...sgd, name: "LBFGS", param_groups: false };

/** @param {any[]} groups @param {any} [fields] */
const stateWith = (groups, fields = {}) => {
  const state = defaultState(catalog);
  const run = state.runs[0];
  return { ...state, ...fields, runs: [{ ...run, optimizer: { ...run.optimizer, param_groups: groups } }] };
};

test("A group takes a value of its own and gives it back.", () => {
  const own = setOwn(each, 1, "lr", 0.5);
  assert.deepEqual(own, [{ params: ["fc1"] }, { params: ["fc2"], lr: 0.5 }, { params: ["fc3"] }]);
  assert.deepEqual(ownNames(setOwn(own, 0, "weight_decay", 0)), ["weight_decay", "lr"]);
  assert.deepEqual(setOwn(own, 1, "lr", undefined), each);
  assert.deepEqual(clearOwn(own, "lr"), each);
});

test("What is in no group is named, a whole layer by its name.", () => {
  assert.deepEqual(leftOut(each, LAYERS), []);
  assert.deepEqual(leftOut([{ params: ["fc1"] }, { params: ["fc3.weight"] }], LAYERS), ["fc2", "fc3.bias"]);
  assert.deepEqual(leftOut(weightsAndBiases(LAYERS), LAYERS), []);
  assert.deepEqual(leftOut([{ params: ["fc1.weight", "fc2.weight", "fc3"] }], LAYERS, true), []);
});

test("A layer stands for all that it has.", () => {
  assert.deepEqual(compactNames(["fc1.weight", "fc2.weight", "fc1.bias"]), ["fc1", "fc2.weight"]);
  assert.deepEqual(compactNames(["xy"]), ["xy"]);
});

test("A layer that comes back stands in its place.", () => {
  assert.deepEqual(include([{ params: ["fc1"] }, { params: ["fc3"] }], "fc2"), each);
  assert.deepEqual(include([], "fc2"), [{ params: ["fc2"] }]);
});

test("Groups that hold every layer hold those of a deeper network too; a layer left out stays out.", () => {
  const deeper = changeHidden(stateWith(each), [2, 2, 2]);
  assert.deepEqual(deeper.runs?.[0].optimizer.param_groups, groupsPerLayer([...LAYERS, "fc4"]));
  const partly = changeHidden(stateWith([{ params: ["fc1"] }]), [2, 2, 2]);
  assert.deepEqual(partly.runs?.[0].optimizer.param_groups, [{ params: ["fc1"] }]);
});

test("Groups of layers that a network does not have are not sent.", () => {
  const [config] = configsOf(stateWith(setOwn(each, 2, "lr", 1), { hidden: [2] }), catalog.problems[0]);
  assert.deepEqual(config.optimizer.param_groups, [{ params: ["fc1"] }, { params: ["fc2"] }]);
  const [onFunction] = configsOf(stateWith(each), catalog.problems[2]);
  assert.equal("param_groups" in onFunction.optimizer, false);
});

test("Gradual unfreezing adds one layer after another, the last one first; a step is no hyperparameter.", () => {
  const groups = oneAfterAnother(LAYERS, 300);
  assert.deepEqual(groups, [
    { params: ["fc1"], from_step: 100 },
    { params: ["fc2"], from_step: 50 },
    { params: ["fc3"] },
  ]);
  assert.deepEqual(ownNames(groups), []);
  assert.deepEqual(plainGroups([{ params: ["fc1"], from_step: 0, lr: 1 }, groups[1]]), [
    { params: ["fc1"], lr: 1 },
    groups[1],
  ]);
});
