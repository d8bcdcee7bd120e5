import assert from "node:assert/strict";
import { test } from "node:test";

import { unpackFactors } from "../../../static/js/state/address/factors.js";
import { configsOf, stateOf } from "../../../static/js/state/configs.js";
import {
  factorsField,
  firstMoved,
  knownFactors,
  movableOf,
  tellFactors,
} from "../../../static/js/state/factors.js";
import { changesOf } from "../../../static/js/state/kept-runs.js";

const RUN = {
  slot: 0,
  optimizer: { name: "AdamW", hyperparameters: { lr: 0.1 } },
  lr_scheduler: null,
  freeze: [],
  clip_grad: null,
};
const DECAY = { hyperparameter: "weight_decay", factor: "0.9 ** step" };
const BETA = { hyperparameter: "betas/1", factor: "1 - 0.1 / (step + 1)", groups: [0] };

test("Only numbers that can follow a factor are offered, those of a tuple by their places.", () => {
  const kinds = {
    lr: "float",
    betas: "pair",
    ns_coefficients: "triple",
    ns_steps: "int",
    weight_decay: "float",
  };
  const hyperparameters = Object.entries(kinds).map(([name, kind]) => ({ name, kind }));
  const movable = movableOf(/** @type {any} */ ({ hyperparameters }));
  assert.deepEqual(movable.slice(0, 3), ["betas/0", "betas/1", "ns_coefficients/0"]);
  assert.ok(!movable.includes("lr") && !movable.includes("ns_steps"));
  assert.equal(firstMoved(movable, []), "weight_decay");
  assert.equal(firstMoved(movable, [DECAY]), "betas/0");
});

test("Factors go into the configuration and come back; a test function has no groups to choose.", () => {
  const begun = stateOf([{ problem: { name: "xor" }, optimizer: RUN.optimizer }]);
  const state = { ...begun, runs: [{ ...RUN, hyperparameter_schedules: [DECAY, BETA] }, RUN] };
  const [moving, plain] = configsOf(state, { name: "xor", kind: "dataset", options: [] });
  assert.deepEqual(moving.hyperparameter_schedules, [DECAY, BETA]);
  assert.ok(!("hyperparameter_schedules" in plain));
  const told = { ...moving, hyperparameter_schedules: [{ ...DECAY, groups: null }, BETA] };
  assert.deepEqual(stateOf([told]).runs[0].hyperparameter_schedules, [DECAY, BETA]);
  const [ofFunction] = configsOf(state, { name: "beale", kind: "function", options: [] });
  assert.deepEqual(ofFunction.hyperparameter_schedules[1], {
    hyperparameter: BETA.hyperparameter,
    factor: BETA.factor,
  });
});

test("Another optimizer keeps the factors of what it has, in the groups that there are.", () => {
  const known = knownFactors([DECAY, BETA], ["betas/1"], 2);
  assert.deepEqual(known, { hyperparameter_schedules: [BETA] });
  assert.deepEqual(knownFactors([{ ...BETA, groups: [0, 4] }], ["betas/1"], 2), known);
  assert.deepEqual(knownFactors([DECAY], ["betas/1"], 2), {});
  assert.deepEqual(knownFactors(undefined, [], 1), {});
});

test("A fork says which factors it has, and that it has none any more.", () => {
  const moving = { ...RUN, ...factorsField([DECAY]) };
  assert.deepEqual(changesOf(RUN, moving), { hyperparameter_schedules: [DECAY] });
  assert.deepEqual(changesOf(moving, RUN), { hyperparameter_schedules: null });
  assert.equal(tellFactors([DECAY, BETA]), "weight_decay(t), betas/1(t)");
});

test("What is no factor in an address is refused.", () => {
  assert.deepEqual(unpackFactors([BETA]), { hyperparameter_schedules: [BETA] });
  for (const wrong of [
    3,
    [1],
    [{ factor: "1" }],
    [{ ...DECAY, groups: [-1] }],
    [{ ...DECAY, groups: 1 }],
    [{ ...DECAY, more: 1 }],
  ])
    assert.throws(() => unpackFactors(/** @type {any} */ (wrong)), RangeError);
});
