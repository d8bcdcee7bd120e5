import assert from "node:assert/strict";
import { test } from "node:test";

import { withoutMistakes } from "../../../static/js/state/mistakes.js";

const RUN = { problem: { name: "xor" }, optimizer: { name: "SGD", hyperparameters: {} }, steps: 10 };

test("A run that makes none has no other without them.", () => {
  assert.equal(withoutMistakes(RUN), null);
  assert.equal(withoutMistakes({ ...RUN, loop: { set_to_none: false, accumulate: 2 } }), null);
  assert.equal(withoutMistakes({ ...RUN, freeze: [{ params: ["fc2"] }] }), null);
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
