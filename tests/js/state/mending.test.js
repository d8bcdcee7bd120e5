import assert from "node:assert/strict";
import { test } from "node:test";

import { withValueAt } from "../../../static/js/state/mending.js";

const cycle = { name: "OneCycleLR", hyperparameters: { max_lr: 0.1, total_steps: 20 } };

test("One field of a run is changed, however deep, and nothing else.", () => {
  const run = /** @type {any} */ ({
    slot: 0,
    lr_scheduler: { name: "SequentialLR", schedulers: [cycle, cycle], milestones: [5] },
  });
  const before = structuredClone(run);
  const changed = withValueAt(run, "/lr_scheduler/schedulers/1/hyperparameters/total_steps", 60);
  assert.deepEqual(run, before);
  before.lr_scheduler.schedulers[1].hyperparameters.total_steps = 60;
  assert.deepEqual(changed, before);
});

test("A run without the place of the field stays as it is.", () => {
  const run = /** @type {any} */ ({ slot: 0, lr_scheduler: null });
  assert.deepEqual(withValueAt(run, "/lr_scheduler/hyperparameters/total_steps", 60), run);
});
