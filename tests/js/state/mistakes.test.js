import assert from "node:assert/strict";
import { test } from "node:test";

import { sharedBy, withoutMistakes } from "../../../static/js/state/mistakes.js";

const RUN = { problem: { name: "xor" }, optimizer: { name: "SGD", hyperparameters: {} }, steps: 10 };

test("A run that makes none has no other without them.", () => {
  assert.equal(withoutMistakes(RUN), null);
  assert.equal(withoutMistakes({ ...RUN, loop: { set_to_none: false, accumulate: 2 } }), null);
  assert.equal(withoutMistakes({ ...RUN, freeze: [{ params: ["fc2"] }] }), null);
});

test("Minibatches that a mistake is about are given to all runs that have none, of samples enough.", () => {
  const mistake = /** @type {any} */ ({ given: { loop: { accumulate: 4 }, batch_size: 4 } });
  const moons = { option_defaults: { samples: 200 } };
  const whole = { batchSize: null, samples: null };
  assert.deepEqual(sharedBy(mistake, whole, moons), { batchSize: 4 });
  assert.deepEqual(sharedBy(mistake, { ...whole, batchSize: 8 }, moons), {});
  assert.deepEqual(sharedBy(mistake, { ...whole, samples: 4 }, moons), {});
  assert.deepEqual(sharedBy(mistake, whole, { option_defaults: {} }), {});
  assert.deepEqual(sharedBy({ ...mistake, given: {} }, whole, moons), {});
});

test("The mistakes are taken out, and nothing else.", () => {
  const habits = { set_to_none: false, accumulate: 2 };
  const order = ["forward", "loss", "backward", "optimizer_step"];
  assert.deepEqual(withoutMistakes({ ...RUN, loop: { ...habits, order } }), { ...RUN, loop: habits });
  assert.deepEqual(withoutMistakes({ ...RUN, loop: { zero_grad: false } }), RUN);
  const rule = { params: ["fc1"], from_step: 3 };
  assert.deepEqual(withoutMistakes({ ...RUN, freeze: [{ ...rule, by: "eval" }] }), {
    ...RUN,
    freeze: [rule],
  });
});
